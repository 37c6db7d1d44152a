using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>By what samples are sorted.</summary>
public enum AnswerOrder { Number, Sample, Label, Answer, Hallucinated, Missed, Confidence, Tokens }

/// <summary>What a sample has to do with an action unit.</summary>
public enum UnitPlace { Labelled, Claimed, Hallucinated, Missed, Found }

/// <summary>Which samples of a result to show. Null leaves a condition out.</summary>
public sealed record SampleQuery
{
    public Emotion? Label { get; init; }
    public Emotion? Answer { get; init; }

    /// <summary>Answers that could not be read.</summary>
    public bool IsUnread { get; init; }
    public bool? IsRight { get; init; }
    public AnswerOutcome? Outcome { get; init; }
    public bool? FormatOk { get; init; }

    /// <summary>Samples with at least one hallucinated mention, or without any.</summary>
    public bool? Hallucinates { get; init; }
    public int? Unit { get; init; }
    public UnitPlace Place { get; init; }
    public string? Subject { get; init; }

    /// <summary>Name and value of the metadata.</summary>
    public (string Name, string Value)? Slice { get; init; }

    /// <summary>Confidences above this, up to <see cref="ConfidenceTo"/>.</summary>
    public double? ConfidenceAbove { get; init; }
    public double? ConfidenceTo { get; init; }

    /// <summary>Part of the sample's id.</summary>
    public string? Search { get; init; }
    public AnswerOrder Order { get; init; }
    public bool IsDescending { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;
    public int PageSize { get; init; } = 20;
}

/// <summary>One page of samples.</summary>
/// <param name="Total">On all pages.</param>
/// <param name="Page">The page shown: the last one when the page asked for does not exist.</param>
public sealed record PageOfSamples(IReadOnlyList<EvaluationSampleRecord> Samples, int Total, int Page, int PageSize)
{
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
}
