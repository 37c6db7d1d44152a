namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>A value of the benchmark's metadata that samples of one result share.</summary>
public sealed class EvaluationSliceRecord
{
    public int Id { get; init; }

    public int EvaluationId { get; init; }

    /// <summary>Name in the metadata: "source", "skin tone".</summary>
    public required string Name { get; init; }

    public required string Value { get; init; }
}

/// <summary>A sample belongs to a slice.</summary>
public sealed class EvaluationSliceSampleRecord
{
    public int SliceId { get; init; }

    public int Number { get; init; }
}

/// <summary>The measures of a result by one protocol, so that a list of results does not measure again. Valid for as many rows as it says.</summary>
public sealed class EvaluationReportRecord
{
    public int EvaluationId { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Rows it was measured on.</summary>
    public int Answered { get; set; }

    /// <summary>An <see cref="FacialR1.Analysis.Scoring.EvaluationReport"/>.</summary>
    public required string Json { get; set; }
}
