using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Results;

/// <summary>One answer as the page shows it, whether it is still being written or stored.</summary>
public sealed record AnswerState
{
    public required AnalysisStatus Status { get; init; }

    /// <summary>What was read in the text so far.</summary>
    public required ReasoningTrace Trace { get; init; }
    public string? Problem { get; init; }
    public IReadOnlyDictionary<Emotion, double> EmotionProbabilities { get; init; } = new Dictionary<Emotion, double>();
    public int Tokens { get; init; }
    public int PromptTokens { get; init; }
    public double? SecondsToFirstToken { get; init; }
    public double? Seconds { get; init; }
    public StopReason? StopReason { get; init; }

    /// <summary>Share of the checkpoint that is read, while the answer waits for it.</summary>
    public double? Loading { get; init; }

    public bool IsFinished => Status.IsFinished();

    /// <summary>Tokens after the first per second after the first; null when nothing followed the first.</summary>
    public double? TokensPerSecond =>
        Seconds - SecondsToFirstToken is > 0 and var writing && Tokens > 1 ? (Tokens - 1) / writing : null;

    public static AnswerState From(AnalysisRecord analysis) => new()
    {
        Status = analysis.Status,
        Trace = ReasoningParser.Parse(analysis.Text),
        Problem = analysis.Problem,
        EmotionProbabilities = analysis.EmotionProbabilities,
        Tokens = analysis.Tokens,
        PromptTokens = analysis.PromptTokens,
        SecondsToFirstToken = analysis.SecondsToFirstToken,
        Seconds = analysis.Seconds,
        StopReason = analysis.StopReason,
    };

    public static AnswerState From(AnswerProgress progress) => new()
    {
        Status = progress.Status,
        Trace = progress.Outcome is null ? ReasoningParser.ParsePrefix(progress.Text) : ReasoningParser.Parse(progress.Text),
        Problem = progress.Outcome?.Problem,
        EmotionProbabilities = progress.Outcome?.EmotionProbabilities ?? new Dictionary<Emotion, double>(),
        Tokens = progress.Outcome?.Tokens ?? progress.Tokens,
        PromptTokens = progress.Outcome?.PromptTokens ?? progress.Prompt?.PromptTokens ?? 0,
        SecondsToFirstToken = progress.Outcome?.TimeToFirstToken?.TotalSeconds,
        Seconds = progress.Outcome?.Elapsed?.TotalSeconds,
        StopReason = progress.Outcome?.StopReason,
        Loading = progress.Loading,
    };
}
