using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>Hair that falls beside and behind the head: a sheet around it, open in front. It is ours; the source has none.</summary>
internal sealed class LongHair
{
    private const int Columns = 33, Rows = 12;
    private const float Opening = 118;   // degrees from the back of the head to each edge
    private const int RightJaw = 0, LeftJaw = 16;   // landmarks in front of the ears

    /// <summary>Height, half width and half depth, from the crown down.</summary>
    private static readonly (float Height, float Width, float Depth)[] Profile =
        [(12.6f, 5.2f, 7.2f), (11.0f, 7.2f, 9.0f), (9.0f, 8.35f, 9.9f), (6.5f, 8.95f, 10.3f), (3.0f, 9.25f, 10.2f), (-1.0f, 9.3f, 9.4f), (-5.0f, 9.0f, 8.2f), (-9.5f, 8.6f, 7.2f)];

    private readonly int right, left;
    private readonly float width;

    public LongHair(FaceShapes shapes)
    {
        (right, left) = (shapes.Landmarks[RightJaw], shapes.Landmarks[LeftJaw]);
        width = shapes.Neutral[left].X - shapes.Neutral[right].X;
    }

    public static int TriangleCount => 2 * (Columns - 1) * (Rows - 1);

    /// <summary>The sheet on the neutral head.</summary>
    public static IReadOnlyList<Vector3> Places { get; } = [.. Enumerable.Range(0, Columns * Rows).Select(index => Place(index % Columns, index / Columns))];

    public static IEnumerable<int> Triangles(int first)
    {
        for (var row = 0; row + 1 < Rows; row++)
            for (var column = 0; column + 1 < Columns; column++)
            {
                var at = first + row * Columns + column;
                foreach (var corner in (int[])[at, at + 1, at + Columns, at + 1, at + Columns + 1, at + Columns]) yield return corner;
            }
    }

    /// <summary>The sheet around the head of a person.</summary>
    public IEnumerable<Vector3> Around(Vector3[] person)
    {
        var scale = width > 0 ? (person[left].X - person[right].X) / width : 1;
        return Places.Select(place => new Vector3(place.X * scale, place.Y, place.Z));
    }

    private static Vector3 Place(int column, int row)
    {
        var along = row * (Profile.Length - 1f) / (Rows - 1);
        var (index, share) = (Math.Min((int)along, Profile.Length - 2), along - Math.Min((int)along, Profile.Length - 2));
        var (upper, lower) = (Profile[index], Profile[index + 1]);
        var angle = Math.PI / 180 * Opening * (2.0 * column / (Columns - 1) - 1);
        var (half, depth) = (upper.Width + (lower.Width - upper.Width) * share, upper.Depth + (lower.Depth - upper.Depth) * share);
        return new((float)Math.Sin(angle) * half, upper.Height + (lower.Height - upper.Height) * share, 0.4f - (float)Math.Cos(angle) * depth);
    }
}
