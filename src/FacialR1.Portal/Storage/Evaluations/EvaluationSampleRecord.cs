using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>One answer to one sample: what is filtered, sorted and counted. The words stay in the file, at <see cref="Place"/>.</summary>
public sealed class EvaluationSampleRecord
{
    public int EvaluationId { get; init; }

    /// <summary>Line of the sample in the file, from 1.</summary>
    public int Number { get; init; }

    public required string Sample { get; init; }

    public string? Subject { get; init; }

    /// <summary>The label; null where there is none.</summary>
    public Emotion? Emotion { get; init; }

    /// <summary>The answer; null where none could be read.</summary>
    public Emotion? Answer { get; init; }

    /// <summary>Null without a label.</summary>
    public bool? IsRight { get; init; }

    /// <summary>Null unless emotion and units are labelled.</summary>
    public AnswerOutcome? Outcome { get; init; }

    /// <summary>Labelled units as bits (unit 12 is bit 12); null where units are not annotated.</summary>
    public long? LabelledUnits { get; init; }

    /// <summary>Claimed units as bits.</summary>
    public long ClaimedUnits { get; init; }

    /// <summary>Every mention in reading order, "6 12 6".</summary>
    public required string Mentions { get; init; }

    /// <summary>Verifiable mentions of units that are not there; null where units are not annotated.</summary>
    public int? Hallucinated { get; init; }

    /// <summary>Labelled units that were not claimed; null where units are not annotated.</summary>
    public int? Missed { get; init; }

    /// <summary>Probability of the answer that was given; null where it is not known.</summary>
    public double? Confidence { get; init; }

    public int Tokens { get; init; }

    public bool FormatOk { get; init; }

    public bool IsTruncated { get; init; }

    /// <summary>Where the line begins in the file, in bytes.</summary>
    public long Place { get; init; }

    /// <summary>Its length in bytes, without the line break.</summary>
    public int Length { get; init; }
}
