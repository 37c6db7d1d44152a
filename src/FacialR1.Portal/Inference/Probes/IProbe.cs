using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>A question about the reasons of one stored answer. Its result is kept and depends on nothing but the analysis, the weights and <see cref="Key"/>.</summary>
/// <typeparam name="T">The result; it is stored as JSON.</typeparam>
public interface IProbe<T> where T : class
{
    /// <summary>Kind, version and everything that makes this question another than the next.</summary>
    string Key { get; }

    /// <param name="subject">What is asked about.</param>
    /// <param name="progress">From 0 to 1.</param>
    Task<T> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken);
}

/// <summary>A stored answer with everything a probe of it needs.</summary>
public sealed record ProbedAnswer(AnalysisRecord Analysis, IProbedModel Model, RgbImage Face, FaceLandmarks? Landmarks, ReasoningClaims Reading, AlignmentTables Tables)
{
    /// <summary>The answered label; null when it is none of the seven.</summary>
    public Emotion? Answer => Reading.Trace.Emotion;
}

/// <summary>What the model makes of words it was given: how likely each of their tokens, and each emotion behind them.</summary>
/// <param name="Logs">Log-probability of each token, rounded.</param>
/// <param name="Emotions">Sum 1; empty where the words do not end with an opened answer tag.</param>
public sealed record ProbeReading(IReadOnlyList<double> Logs, IReadOnlyDictionary<Emotion, double> Emotions)
{
    public static ProbeReading Of(ForcedReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return new ProbeReading([.. reading.Tokens.Select(token => Math.Round(token.LogProbability, 5))], reading.EmotionProbabilities.ToDictionary(entry => entry.Key, entry => Math.Round(entry.Value, 6)));
    }
}

/// <summary>A response that a model wrote, or went on with, during a probe.</summary>
/// <param name="Beginning">What it was given.</param>
/// <param name="Continuation">What it wrote behind it.</param>
/// <param name="Emotions">At its answer; empty when it reached none.</param>
public sealed record ProbedText(string Beginning, string Continuation, IReadOnlyDictionary<Emotion, double> Emotions)
{
    public string Text => Beginning + Continuation;

    /// <summary>The answered label; null when there is none.</summary>
    public Emotion? Answer() => ReasoningParser.Parse(Text).Emotion;
}
