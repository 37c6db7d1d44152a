using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Tests.Faces;

public sealed class FaceRegionsTests
{
    private static readonly int[] Partners =
    [
        16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33, 32, 31,
        45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65,
    ];

    [Fact]
    public void A_mirrored_face_has_the_same_regions_with_sides_exchanged()
    {
        var face = Drawn(turn: 0.03);
        var mirrored = new FaceLandmarks([.. Partners.Select(partner => Mirror(face[partner]))]);

        foreach (var polygon in FaceRegions.Of(face))
        {
            var twin = FaceRegions.Of(mirrored).Single(other => other.Region == polygon.Region && other.Side == Opposite(polygon.Side));
            Assert.Equal(Area(polygon), Area(twin), 1e-9);
            Assert.Equal(Mirror(Centre(polygon)).X, Centre(twin).X, 1e-9);
            Assert.Equal(Centre(polygon).Y, Centre(twin).Y, 1e-9);
        }
    }

    [Fact]
    public void The_right_side_of_the_face_is_on_the_left_of_the_picture()
    {
        foreach (var group in FaceRegions.Of(Drawn()).GroupBy(polygon => polygon.Region).Where(group => group.Count() == 2))
            Assert.True(Centre(group.Single(polygon => polygon.Side == FaceSide.Right)).X < Centre(group.Single(polygon => polygon.Side == FaceSide.Left)).X, group.Key.ToString());
    }

    [Fact]
    public void Regions_stand_in_the_order_of_a_face()
    {
        double Height(FaceRegion region) => FaceRegions.Of(Drawn()).Where(polygon => polygon.Region == region).Average(polygon => Centre(polygon).Y);
        FaceRegion[] down = [FaceRegion.Brow, FaceRegion.Eye, FaceRegion.Cheek, FaceRegion.UpperLip, FaceRegion.LowerLip, FaceRegion.Chin];
        Assert.Equal(down, down.OrderBy(Height));
    }

    [Fact]
    public void Every_unit_of_the_data_set_has_a_place()
    {
        foreach (var unit in (int[])[1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 23, 25, 26, 43])
            Assert.True(FaceRegions.Of(Drawn(), unit).Count is 1 or 2, $"AU{unit}");
        Assert.Equal([FaceSide.Right, FaceSide.Left], FaceRegions.Of(Drawn(), 12).Select(polygon => polygon.Side));
        Assert.Empty(FaceRegions.Of(Drawn(), 999));
    }

    [Fact]
    public void Anything_but_68_finite_points_is_refused()
    {
        Assert.Contains("68", Assert.Throws<ArgumentException>(() => new FaceLandmarks([new FacePoint(0, 0)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FaceLandmarks([.. Enumerable.Repeat(new FacePoint(double.NaN, 0), 68)]));
    }

    [Fact]
    public void The_error_of_points_is_told_in_distances_between_the_eyes()
    {
        var face = Drawn();
        var moved = new FaceLandmarks([.. face.Points.Select(point => point with { X = point.X + 0.1 * face.InterOcular })]);
        Assert.Equal(0.1, moved.ErrorAgainst(face), 1e-9);
        Assert.Equal(0, face.ErrorAgainst(face));
    }

    /// <summary>An upright face in the frame of the training photos.</summary>
    private static FaceLandmarks Drawn(double turn = 0)
    {
        IEnumerable<FacePoint> points =
        [
            .. Enumerable.Range(0, 17).Select(step => Arc(0.5, 0.4, 0.42, 0.58, Math.PI - step * Math.PI / 16)),
            .. Line(0.15, 0.42, 0.27, 5), .. Line(0.58, 0.85, 0.27, 5), .. Enumerable.Range(0, 4).Select(step => new FacePoint(0.5, 0.38 + step * 0.06)), .. Line(0.42, 0.58, 0.62, 5),
            .. Eye(0.3), .. Eye(0.7),
            .. Enumerable.Range(0, 12).Select(step => Arc(0.5, 0.77, 0.15, 0.07, Math.PI + step * Math.PI / 6)),
            .. Enumerable.Range(0, 8).Select(step => Arc(0.5, 0.77, 0.11, 0.02, Math.PI + step * Math.PI / 4)),
        ];
        return new FaceLandmarks([.. points.Select(point => point with { X = point.X + turn * point.Y })]);

        static FacePoint Arc(double x, double y, double width, double height, double angle) => new(x + width * Math.Cos(angle), y + height * Math.Sin(angle));
        static IEnumerable<FacePoint> Line(double from, double to, double y, int count) => Enumerable.Range(0, count).Select(step => new FacePoint(from + (to - from) * step / (count - 1), y));
        static IEnumerable<FacePoint> Eye(double x) => Enumerable.Range(0, 6).Select(step => Arc(x, 0.39, 0.08, 0.03, Math.PI + step * Math.PI / 3));
    }

    private static FacePoint Mirror(FacePoint point) => point with { X = 1 - point.X };

    private static FaceSide Opposite(FaceSide side) => side switch { FaceSide.Left => FaceSide.Right, FaceSide.Right => FaceSide.Left, _ => side };

    private static FacePoint Centre(FacePolygon polygon) => new(polygon.Outline.Average(point => point.X), polygon.Outline.Average(point => point.Y));

    private static double Area(FacePolygon polygon) => Math.Abs(polygon.Outline.Select((point, index) =>
    {
        var next = polygon.Outline[(index + 1) % polygon.Outline.Count];
        return point.X * next.Y - next.X * point.Y;
    }).Sum()) / 2;
}
