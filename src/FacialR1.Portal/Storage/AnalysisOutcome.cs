using FacialR1.Analysis;
using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Storage;

/// <summary>How an analysis ended.</summary>
public sealed record AnalysisOutcome(AnalysisStatus Status, string Text)
{
    /// <summary>What the parser read in the text; null where it found none.</summary>
    public string? Emotion { get; init; }

    /// <summary>Codes with a space between them.</summary>
    public string ActionUnits { get; init; } = "";
    public bool? FormatOk { get; init; }
    public string? Problem { get; init; }
    public StopReason? StopReason { get; init; }
    public int PromptTokens { get; init; }
    public int Tokens { get; init; }
    public TimeSpan? TimeToFirstToken { get; init; }
    public TimeSpan? Elapsed { get; init; }
    public IReadOnlyDictionary<Emotion, double> EmotionProbabilities { get; init; } = new Dictionary<Emotion, double>();
}
