using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>
/// Where lips, lids, brows, eyeballs and hair lie on the neutral mesh. A point of the skin is looked up by its neutral place, so that what is painted
/// moves with the expression and fits every head.
/// </summary>
internal sealed class FaceMap
{
    private readonly Vector2[] lips;
    private readonly Vector2[][] eyes;
    private readonly Vector2[] brow;

    public FaceMap(FaceShapes shapes)
    {
        Vector2 Point(int landmark) => Flat(shapes.Neutral[shapes.Landmarks[landmark]]);
        lips = Curve([.. Enumerable.Range(48, 12).Select(Point)], isClosed: true);
        // Left side of the picture only: the mesh is even, and |x| folds the other side over.
        eyes = [Curve([.. Enumerable.Range(42, 4).Select(Point)], isClosed: false), Curve([Point(45), Point(46), Point(47), Point(42)], isClosed: false)];
        brow = Curve([.. Enumerable.Range(22, 5).Select(Point)], isClosed: false);
        (Gaze, EyeCentre, EyeRadius) = Eyeball(shapes);
        LipLine = (Point(48).Y + Point(54).Y) / 2;
        EyeLine = (Point(36).Y + Point(45).Y) / 2;
        OuterEye = Point(45);
        Chin = Point(8);
        NoseWing = Point(35);
        NoseTip = Point(30);
        MouthCorner = Point(54);
    }

    public Vector3 EyeCentre { get; }
    public Vector3 Gaze { get; }
    public float EyeRadius { get; }
    public float LipLine { get; }
    public float EyeLine { get; }
    public Vector2 OuterEye { get; }
    public Vector2 Chin { get; }
    public Vector2 NoseWing { get; }
    public Vector2 NoseTip { get; }
    public Vector2 MouthCorner { get; }

    public static Vector2 Flat(Vector3 place) => new(place.X, place.Y);

    /// <summary>The same point on the person's left side.</summary>
    public static Vector2 Folded(Vector3 place) => new(MathF.Abs(place.X), place.Y);

    /// <summary>Distance to the outline of the lips, negative inside.</summary>
    public float ToLips(Vector3 place)
    {
        var point = Flat(place);
        var distance = Along(lips, point, out _, out _);
        return IsInside(lips, point) ? -distance : distance;
    }

    /// <summary>Distances to the upper and the lower lid line, and how far along (0 at the nose, 1 outside).</summary>
    public (float Upper, float Lower, float Along) ToLids(Vector3 place)
    {
        var point = Folded(place);
        var upper = Along(eyes[0], point, out var share, out _);
        return (upper, Along(eyes[1], point, out _, out _), share);
    }

    /// <summary>Place relative to the brow: how far along from the nose (0) to the end (1), and the signed distance across, up positive.</summary>
    public (float Along, float Across) ToBrow(Vector3 place)
    {
        var distance = Along(brow, Folded(place), out var share, out var side);
        return (share, side * distance);
    }

    /// <summary>Distance to a polyline, the share of its length where the nearest point lies, and the side (1 on the left of its direction).</summary>
    internal static float Along(ReadOnlySpan<Vector2> line, Vector2 point, out float share, out float side)
    {
        var best = float.MaxValue;
        (share, side) = (0, 1);
        for (var index = 0; index + 1 < line.Length; index++)
        {
            var (from, step) = (line[index], line[index + 1] - line[index]);
            var (dx, dy) = (point.X - from.X, point.Y - from.Y);
            var squared = step.X * step.X + step.Y * step.Y;
            var t = squared == 0 ? 0 : Math.Clamp((dx * step.X + dy * step.Y) / squared, 0f, 1f);
            var (ex, ey) = (dx - t * step.X, dy - t * step.Y);
            var distance = ex * ex + ey * ey;
            if (distance >= best) continue;
            best = distance;
            share = (index + t) / (line.Length - 1);
            side = step.X * dy - step.Y * dx >= 0 ? 1 : -1;
        }
        return MathF.Sqrt(best);
    }

    private static bool IsInside(Vector2[] outline, Vector2 point)
    {
        var inside = false;
        for (int index = 0, before = outline.Length - 1; index < outline.Length; before = index++)
        {
            var (a, b) = (outline[index], outline[before]);
            if (a.Y > point.Y != b.Y > point.Y && point.X < (b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
        }
        return inside;
    }

    /// <summary>Catmull–Rom through the points, four pieces between two.</summary>
    private static Vector2[] Curve(Vector2[] points, bool isClosed)
    {
        const int pieces = 4;
        Vector2 At(int index) => isClosed ? points[(index + points.Length) % points.Length] : points[Math.Clamp(index, 0, points.Length - 1)];
        var curve = new List<Vector2>();
        for (var index = 0; index < (isClosed ? points.Length : points.Length - 1); index++)
            for (var piece = 0; piece < pieces; piece++)
            {
                var (a, b, c, d, t) = (At(index - 1), At(index), At(index + 1), At(index + 2), piece / (float)pieces);
                curve.Add((b * 2 + (c - a) * t + (a * 2 - b * 5 + c * 4 - d) * (t * t) + (b * 3 - a - c * 3 + d) * (t * t * t)) * 0.5f);
            }
        curve.Add(At(isClosed ? 0 : points.Length - 1));
        return [.. curve];
    }

    private static (Vector3 Gaze, Vector3 Centre, float Radius) Eyeball(FaceShapes shapes)
    {
        Vector3[] shell =
        [
            .. Enumerable.Range(0, shapes.Parts.Count).Where(triangle => shapes.Parts[triangle] == FacePart.Eye)
                .SelectMany(triangle => Enumerable.Range(3 * triangle, 3)).Select(corner => shapes.Triangles[corner]).Distinct().Select(vertex => shapes.Neutral[vertex]).Where(place => place.X > 0),
        ];
        if (shell.Length == 0) return (new(0, 0, 1), default, 1);
        var (low, high) = (shell.Aggregate(Vector3.Min), shell.Aggregate(Vector3.Max));
        var radius = (high.X - low.X + high.Y - low.Y) / 4;
        var centre = new Vector3((low.X + high.X) / 2, (low.Y + high.Y) / 2, low.Z + radius);
        // The cornea stands out: its tip shows where the eye looks.
        var tip = shell.MaxBy(place => Geometry.Dot(place - centre, place - centre));
        return (Geometry.Unit(tip - centre), centre, radius);
    }
}
