using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Features.Results;

/// <summary>An ellipse in shares of a face box: 0 is left or top, 1 right or bottom.</summary>
public readonly record struct RegionShape(double X, double Y, double RadiusX, double RadiusY);

/// <summary>Where the parts of an upright face that looks at the camera usually lie in a detector's box. Not measured on the face: whoever shows it says so.</summary>
public static class RegionTemplate
{
    /// <summary>One shape, or one for each side of the face.</summary>
    public static IReadOnlyList<RegionShape> Of(FaceRegion region) => region switch
    {
        FaceRegion.Brow => Pair(0.28, 0.14, 0.17, 0.06),
        FaceRegion.Eye => Pair(0.28, 0.27, 0.13, 0.065),
        FaceRegion.Nose => [new(0.5, 0.45, 0.11, 0.15)],
        FaceRegion.Cheek => Pair(0.19, 0.5, 0.13, 0.11),
        FaceRegion.UpperLip => [new(0.5, 0.66, 0.18, 0.045)],
        FaceRegion.LipCorner => Pair(0.29, 0.73, 0.07, 0.06),
        FaceRegion.Lips => [new(0.5, 0.73, 0.22, 0.08)],
        FaceRegion.Tongue => [new(0.5, 0.74, 0.09, 0.05)],
        FaceRegion.LowerLip => [new(0.5, 0.8, 0.17, 0.045)],
        FaceRegion.Chin => [new(0.5, 0.92, 0.17, 0.07)],
        FaceRegion.Jaw => [new(0.5, 0.9, 0.36, 0.1)],
        FaceRegion.Neck => [new(0.5, 1.08, 0.26, 0.07)],
        _ => throw new ArgumentOutOfRangeException(nameof(region), region, "This part of the face has no place yet."),
    };

    /// <summary>As people say it: "lip corners".</summary>
    public static string Name(FaceRegion region) => region switch
    {
        FaceRegion.Brow => "brows",
        FaceRegion.Eye => "eyes",
        FaceRegion.Cheek => "cheeks",
        FaceRegion.UpperLip => "upper lip",
        FaceRegion.LipCorner => "lip corners",
        FaceRegion.LowerLip => "lower lip",
        _ => region.ToString().ToLowerInvariant(),
    };

    private static IReadOnlyList<RegionShape> Pair(double x, double y, double radiusX, double radiusY) => [new(x, y, radiusX, radiusY), new(1 - x, y, radiusX, radiusY)];
}
