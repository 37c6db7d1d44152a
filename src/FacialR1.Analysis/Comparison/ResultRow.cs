using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>What one model answered for one sample of a benchmark.</summary>
/// <param name="Sample">The id of the sample, the same for every model.</param>
/// <param name="Subject">Whose face it is, where the data says so; photos of one subject are resampled together.</param>
/// <param name="Text">The whole response.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="EmotionProbabilities">At the answer, summing to 1; empty when they are not known.</param>
/// <param name="Reading">The response as read, with what is true.</param>
/// <param name="Reference">Reference reasoning of the sample; null where the data has none.</param>
public sealed record ResultRow(
    string Sample, string? Subject, string Text, int Tokens, IReadOnlyDictionary<Emotion, double> EmotionProbabilities, EvaluationRow Reading, string? Reference = null)
{
    /// <summary>Reads the response with the one parser.</summary>
    public static ResultRow Of(
        string sample, string? subject, string text, int tokens, IReadOnlyDictionary<Emotion, double> emotionProbabilities, ResponseLabels labels, string? reference = null) =>
        new(sample, subject, text, tokens, emotionProbabilities, EvaluationRow.Of(ReasoningParser.Parse(text), labels), reference);

    /// <summary>The picture, as the benchmark names it; null when it is not known.</summary>
    public string? Image { get; init; }

    /// <summary>What the server said that wrote it; null for a checkpoint on this machine.</summary>
    public ServedAnswer? Served { get; init; }

    /// <summary>Anything to slice by, from the benchmark.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the answered emotion is right; null without a label.</summary>
    public bool? IsRight => Reading.Labels.Emotion is { } truth ? Reading.Emotion == truth : null;

    /// <summary>How sure the model was of the answer it gave; null when it gave none or the probabilities are not known.</summary>
    public double? Confidence => Reading.Emotion is { } answer && EmotionProbabilities.TryGetValue(answer, out var share) ? share : null;
}

/// <summary>The answers of one model to one benchmark.</summary>
/// <param name="Name">Of the model, as people know it.</param>
/// <param name="Vocabulary">The units annotated in the benchmark.</param>
/// <param name="Rows">One per sample.</param>
public sealed record ResultSet(string Name, IReadOnlyList<int> Vocabulary, IReadOnlyList<ResultRow> Rows);
