using FacialR1.Analysis.Scoring;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>One labelled picture of a benchmark.</summary>
/// <param name="Id">Unique within the benchmark.</param>
/// <param name="Image">Where the picture is: a path relative to the benchmark's picture folder, with forward slashes.</param>
/// <param name="Labels">What is true, as far as the source says.</param>
public sealed record BenchmarkSample(string Id, string Image, ResponseLabels Labels)
{
    /// <summary>Whose face it is; null where the source does not say. Names only group pictures, they identify nobody here.</summary>
    public string? Subject { get; init; }

    /// <summary>train, val or test as the source divides it; null where it does not.</summary>
    public string? Split { get; init; }

    /// <summary>Fold of a subject-exclusive division, from 1; null where there is none.</summary>
    public int? Fold { get; init; }

    /// <summary>Reference response (think and answer blocks) or reference reasoning; null where there is none.</summary>
    public string? Reference { get; init; }

    /// <summary>The label as the source writes it, so that a mapping can be checked.</summary>
    public string? RawLabel { get; init; }

    /// <summary>Intensity per unit number, on the scale of the source (0–5 in FACS); null where there is none.</summary>
    public IReadOnlyDictionary<int, double>? Intensities { get; init; }

    /// <summary>Where the face is in the picture: the square that models see, as an upload would be cropped; null where the whole picture is the face.</summary>
    public PixelBox? Face { get; init; }

    /// <summary>Anything to slice by: source, video, frame, skin tone, …</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
