using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Faithfulness;

/// <summary>A part of the face that can be covered to see what the model makes of the rest.</summary>
/// <param name="Key">Its name in addresses and files, "brow-left".</param>
/// <param name="Name">Its name for people, "left brow". Sides are the person's own.</param>
/// <param name="Region">What it is; null for a cell of the grid.</param>
/// <param name="Outline">Corners in order, as fractions of the picture the model sees.</param>
public sealed record OccludedPart(string Key, string Name, FaceRegion? Region, IReadOnlyList<FacePoint> Outline)
{
    private static readonly (FaceRegion Region, FaceSide Side, string Key, string Name)[] Parts =
    [
        (FaceRegion.Brow, FaceSide.Right, "brow-right", "right brow"), (FaceRegion.Brow, FaceSide.Left, "brow-left", "left brow"),
        (FaceRegion.Eye, FaceSide.Right, "eye-right", "right eye"), (FaceRegion.Eye, FaceSide.Left, "eye-left", "left eye"),
        (FaceRegion.Nose, FaceSide.Both, "nose", "nose"),
        (FaceRegion.Cheek, FaceSide.Right, "cheek-right", "right cheek"), (FaceRegion.Cheek, FaceSide.Left, "cheek-left", "left cheek"),
        (FaceRegion.UpperLip, FaceSide.Both, "upper-lip", "upper lip"),
        (FaceRegion.LipCorner, FaceSide.Right, "lip-corner-right", "right lip corner"), (FaceRegion.LipCorner, FaceSide.Left, "lip-corner-left", "left lip corner"),
        (FaceRegion.LowerLip, FaceSide.Both, "lower-lip", "lower lip"),
        (FaceRegion.Chin, FaceSide.Both, "chin", "chin"),
    ];

    /// <summary>The keys of the twelve parts of a face, from top to bottom.</summary>
    public static IReadOnlyList<string> FaceKeys { get; } = [.. Parts.Select(part => part.Key)];

    /// <summary>Their names for people.</summary>
    public static IReadOnlyList<string> FaceNames { get; } = [.. Parts.Select(part => part.Name)];

    /// <summary>The twelve parts of a face whose points are known.</summary>
    public static IReadOnlyList<OccludedPart> Of(FaceLandmarks face)
    {
        ArgumentNullException.ThrowIfNull(face);
        var polygons = FaceRegions.Of(face);
        return [.. Parts.Select(part => new OccludedPart(part.Key, part.Name, part.Region, polygons.First(polygon => polygon.Region == part.Region && polygon.Side == part.Side).Outline))];
    }

    /// <summary>A fixed grid of eight cells, two across and four down, for pictures whose points are not known (measures 4.1).</summary>
    public static IReadOnlyList<OccludedPart> Grid { get; } =
    [
        .. from row in Enumerable.Range(0, 4)
           from column in Enumerable.Range(0, 2)
           let name = $"{(row switch { 0 => "top", 1 => "upper", 2 => "lower", _ => "bottom" })} {(column == 0 ? "left" : "right")}"
           select new OccludedPart(name.Replace(' ', '-'), $"{name} of the picture", null,
           [
               new FacePoint(column / 2.0, row / 4.0), new FacePoint((column + 1) / 2.0, row / 4.0), new FacePoint((column + 1) / 2.0, (row + 1) / 4.0), new FacePoint(column / 2.0, (row + 1) / 4.0),
           ]),
    ];

    /// <summary>Whether a unit shows in this part. Movements of both lips show in either, those of the jaw at lower lip and chin; the neck has no part.</summary>
    public bool Shows(int unit) => Region is { } region && ActionUnits.TryGet(unit, out var known) && (known.Region == region || known.Region switch
    {
        FaceRegion.Lips or FaceRegion.Tongue => region is FaceRegion.UpperLip or FaceRegion.LowerLip,
        FaceRegion.Jaw => region is FaceRegion.LowerLip or FaceRegion.Chin,
        _ => false,
    });
}
