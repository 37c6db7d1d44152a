using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>How much work the portal takes on at a time.</summary>
public sealed record InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>Analyses that may wait; more are refused with a message.</summary>
    [Range(1, 100_000)] public int QueueLength { get; init; } = 64;

    /// <summary>Analyses written at the same time; a checkpoint batches those that wait for it.</summary>
    [Range(1, 256)] public int ConcurrentAnalyses { get; init; } = 4;

    /// <summary>Checkpoints kept in memory; the one unused for longest leaves first.</summary>
    [Range(1, 64)] public int LoadedCheckpoints { get; init; } = 2;

    /// <summary>The longest answer a visitor may ask for, in tokens.</summary>
    [Range(16, 32_768)] public int LongestAnswerInTokens { get; init; } = 1024;
}
