using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>A z-buffer that remembers which triangle is seen at each pixel, and where in it; colours are found afterwards.</summary>
internal sealed class VisibilityBuffer
{
    public const int Nothing = -1;

    public VisibilityBuffer(int width, int height)
    {
        (Width, Height) = (width, height);
        (Triangle, Nearness, Second, Third) = (new int[width * height], new float[width * height], new float[width * height], new float[width * height]);
        Array.Fill(Triangle, Nothing);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Number of the triangle, row by row; <see cref="Nothing"/> where there is none.</summary>
    public int[] Triangle { get; }

    /// <summary>The larger, the nearer; 0 where there is nothing.</summary>
    public float[] Nearness { get; }

    /// <summary>Weights of the second and third corner; the first has the rest.</summary>
    public float[] Second { get; }

    public float[] Third { get; }

    /// <summary>Draws triangles.</summary>
    /// <param name="points">x, y in pixels, z the nearness: with perspective 1 / distance, so that it is linear on the screen.</param>
    /// <param name="triangles">Three numbers of points each.</param>
    /// <param name="isDrawn">Which triangles.</param>
    /// <param name="isPerspective">Whether weights must be corrected for distance.</param>
    public void Draw(Vector3[] points, int[] triangles, Func<int, bool> isDrawn, bool isPerspective)
    {
        for (var triangle = 0; triangle < triangles.Length / 3; triangle++)
        {
            if (!isDrawn(triangle)) continue;
            var (a, b, c) = (points[triangles[3 * triangle]], points[triangles[3 * triangle + 1]], points[triangles[3 * triangle + 2]]);
            var area = (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
            if (area == 0) continue;
            var (left, right) = (Math.Max(0, (int)MathF.Ceiling(Min(a.X, b.X, c.X) - 0.5f)), Math.Min(Width - 1, (int)MathF.Floor(-Min(-a.X, -b.X, -c.X) - 0.5f)));
            var (top, bottom) = (Math.Max(0, (int)MathF.Ceiling(Min(a.Y, b.Y, c.Y) - 0.5f)), Math.Min(Height - 1, (int)MathF.Floor(-Min(-a.Y, -b.Y, -c.Y) - 0.5f)));
            for (var y = top; y <= bottom; y++)
                for (var x = left; x <= right; x++)
                {
                    var (px, py) = (x + 0.5f, y + 0.5f);
                    var second = ((px - a.X) * (c.Y - a.Y) - (py - a.Y) * (c.X - a.X)) / area;
                    var third = ((b.X - a.X) * (py - a.Y) - (b.Y - a.Y) * (px - a.X)) / area;
                    var first = 1 - second - third;
                    if (first < 0 || second < 0 || third < 0) continue;
                    var nearness = first * a.Z + second * b.Z + third * c.Z;
                    var at = y * Width + x;
                    if (Triangle[at] != Nothing && nearness <= Nearness[at]) continue;
                    (Triangle[at], Nearness[at]) = (triangle, nearness);
                    (Second[at], Third[at]) = isPerspective ? (second * b.Z / nearness, third * c.Z / nearness) : (second, third);
                }
        }
    }

    private static float Min(float a, float b, float c) => Math.Min(a, Math.Min(b, c));
}
