using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Faces;

/// <summary>One place on a face as a closed outline.</summary>
/// <param name="Region">What it is.</param>
/// <param name="Side">Of the face, not of the picture; <see cref="FaceSide.Both"/> for what lies in the middle.</param>
/// <param name="Outline">Corners in order.</param>
public sealed record FacePolygon(FaceRegion Region, FaceSide Side, IReadOnlyList<FacePoint> Outline);

/// <summary>The places where action units show, from 68 points. Outlines are for pointing and covering; they measure nothing.</summary>
public static class FaceRegions
{
    /// <summary>The regions of a face. The neck and regions that no point bounds are missing.</summary>
    public static IReadOnlyList<FacePolygon> Of(FaceLandmarks face)
    {
        ArgumentNullException.ThrowIfNull(face);
        var unit = face.InterOcular;
        return
        [
            new(FaceRegion.Brow, FaceSide.Right, Brow(face, [17, 18, 19, 20, 21], unit)), new(FaceRegion.Brow, FaceSide.Left, Brow(face, [26, 25, 24, 23, 22], unit)),
            new(FaceRegion.Eye, FaceSide.Right, Grown(face, [36, 37, 38, 39, 40, 41], 1.45)), new(FaceRegion.Eye, FaceSide.Left, Grown(face, [45, 44, 43, 42, 47, 46], 1.45)),
            new(FaceRegion.Cheek, FaceSide.Right, Cheek(face, [36, 41, 40, 31, 48, 4, 3, 2], unit)), new(FaceRegion.Cheek, FaceSide.Left, Cheek(face, [45, 46, 47, 35, 54, 12, 13, 14], unit)),
            new(FaceRegion.Nose, FaceSide.Both, [face[21].Towards(face[22], 0.25), face[22].Towards(face[21], 0.25), face[35], face[34], face[33], face[32], face[31]]),
            new(FaceRegion.UpperLip, FaceSide.Both, Points(face, 31, 33, 35, 54, 64, 63, 62, 61, 60, 48)),
            new(FaceRegion.LipCorner, FaceSide.Right, Ring(face[48], 0.14 * unit)), new(FaceRegion.LipCorner, FaceSide.Left, Ring(face[54], 0.14 * unit)),
            new(FaceRegion.Lips, FaceSide.Both, Points(face, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59)),
            new(FaceRegion.LowerLip, FaceSide.Both, Points(face, 48, 60, 67, 66, 65, 64, 54, 55, 56, 57, 58, 59)),
            new(FaceRegion.Tongue, FaceSide.Both, Points(face, 60, 61, 62, 63, 64, 65, 66, 67)),
            new(FaceRegion.Jaw, FaceSide.Both, Points(face, 4, 5, 6, 7, 8, 9, 10, 11, 12, 54, 55, 56, 57, 58, 59, 48)),
            new(FaceRegion.Chin, FaceSide.Both, [.. Points(face, 6, 7, 8, 9, 10), face[10].Towards(face[55], 0.6), face[8].Towards(face[57], 0.75), face[6].Towards(face[59], 0.6)]),
        ];
    }

    /// <summary>Where a unit shows on this face: one outline, or one per side. Empty for units without a place among the 68 points, and for numbers that no unit has.</summary>
    public static IReadOnlyList<FacePolygon> Of(FaceLandmarks face, int actionUnit) =>
        ActionUnits.TryGet(actionUnit, out var unit) ? [.. Of(face).Where(polygon => polygon.Region == unit.Region)] : [];

    private static FacePoint[] Points(FaceLandmarks face, params int[] indices) => Array.ConvertAll(indices, index => face[index]);

    /// <summary>From above the brow, where its skin wrinkles, to just below it.</summary>
    private static FacePoint[] Brow(FaceLandmarks face, int[] indices, double unit) =>
        [.. indices.Select(index => face[index] with { Y = face[index].Y - 0.16 * unit }), .. indices.Reverse().Select(index => face[index] with { Y = face[index].Y + 0.07 * unit })];

    /// <summary>Its first three points are the lower lid, under which the cheek begins.</summary>
    private static FacePoint[] Cheek(FaceLandmarks face, int[] indices, double unit) =>
        [.. indices.Select((index, place) => place < 3 ? face[index] with { Y = face[index].Y + 0.1 * unit } : face[index])];

    private static FacePoint[] Grown(FaceLandmarks face, int[] indices, double factor)
    {
        var centre = new FacePoint(indices.Average(index => face[index].X), indices.Average(index => face[index].Y));
        return Array.ConvertAll(indices, index => centre.Towards(face[index], factor));
    }

    private static FacePoint[] Ring(FacePoint centre, double radius) =>
        [.. Enumerable.Range(0, 12).Select(step => new FacePoint(centre.X + radius * Math.Cos(step * Math.PI / 6), centre.Y + radius * Math.Sin(step * Math.PI / 6)))];
}
