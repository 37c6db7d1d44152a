namespace FacialR1.Training.Datasets;

/// <summary><c>benchmark.json</c>: what a benchmark is and what its labels are worth.</summary>
public sealed record BenchmarkManifest
{
    public const int CurrentFormat = 1;

    /// <summary>Version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Short name, used in file names and tables.</summary>
    public required string Name { get; init; }

    /// <summary>What people read.</summary>
    public required string Title { get; init; }

    /// <summary>Codes of the units that are annotated, "AU12"; empty when none are. A claim outside it cannot be checked.</summary>
    public required IReadOnlyList<string> ActionUnits { get; init; }

    /// <summary>Emotions that occur as labels; empty when there are none.</summary>
    public required IReadOnlyList<string> Emotions { get; init; }

    /// <summary>How the labels came about, in one sentence; shown wherever a number of this benchmark is shown.</summary>
    public required string LabelNote { get; init; }

    /// <summary>Under which conditions the data may be used.</summary>
    public required string Licence { get; init; }

    /// <summary>Where the data comes from.</summary>
    public string? Source { get; init; }

    /// <summary>Which importer wrote the folder; null when none did.</summary>
    public string? Importer { get; init; }

    /// <summary>Folder of the pictures, relative to this one or absolute; this folder when left out.</summary>
    public string? Images { get; init; }
}
