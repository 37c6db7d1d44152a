namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>One result file as the database knows it. The file is the truth; everything here can be made again from it.</summary>
public sealed class EvaluationRecord
{
    public int Id { get; init; }

    /// <summary>File name without ending; links use it.</summary>
    public required string Name { get; init; }

    public required string Model { get; init; }

    public string? CheckpointSha256 { get; init; }

    public required string Benchmark { get; init; }

    public required string DataSha256 { get; init; }

    /// <summary>The first line of the file, with the full provenance.</summary>
    public required string Header { get; init; }

    /// <summary>Which parser the columns were read with; another version reads the file anew.</summary>
    public required string Parser { get; init; }

    /// <summary>Rows in the database.</summary>
    public int Answered { get; set; }

    /// <summary>Up to here the file is in the database.</summary>
    public long IndexedBytes { get; set; }

    /// <summary>Last change of the file that was seen.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}
