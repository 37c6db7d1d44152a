using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>When is the answer settled? It is forced after each sentence of the reasoning.</summary>
public sealed record EarlyAnswerProbe : IProbe<EarlyAnswers>
{
    public string Key => "early/1";

    public async Task<EarlyAnswers> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var cuts = EarlyAnswering.Cuts(subject.Reading);
        var readings = await subject.Model.ReadAsync([.. cuts.Select(cut => new ForcedText(subject.Face, cut))], new ShareOf(progress, 0, 1, cuts.Count), cancellationToken);
        var text = subject.Reading.Trace.Text;
        return new EarlyAnswers(
            [.. subject.Reading.Sentences.Select(sentence => sentence.Of(text).ToString())],
            [.. readings.Select(reading => (IReadOnlyDictionary<Emotion, double>)ProbeReading.Of(reading).Emotions)]);
    }
}

/// <param name="Sentences">K of them.</param>
/// <param name="Emotions">After 0 … K sentences.</param>
public sealed record EarlyAnswers(IReadOnlyList<string> Sentences, IReadOnlyList<IReadOnlyDictionary<Emotion, double>> Emotions)
{
    /// <summary>The likeliest label after k sentences.</summary>
    public Emotion AnswerAfter(int sentences) => Emotions[sentences].MaxBy(entry => entry.Value).Key;

    /// <summary>The likeliest label after all of them.</summary>
    public Emotion Final() => AnswerAfter(Sentences.Count);

    /// <summary>Measure 4.2; null without a sentence.</summary>
    public double? AreaOverCurve() => EarlyAnswering.AreaOverCurve([.. Emotions.Index().Select(entry => AnswerAfter(entry.Index) == Final())]);
}
