namespace FacialR1.Training.Rendering;

/// <summary>How open each point lies to light from everywhere, judged from the depths around it: corners and hollows are darker.</summary>
internal static class Occlusion
{
    private const int Directions = 8, Rings = 3;
    private const float Reach = 2.4f;   // units of the mesh
    private static readonly (float X, float Y)[] Circle =
        [(1, 0), (0.70710677f, 0.70710677f), (0, 1), (-0.70710677f, 0.70710677f), (-1, 0), (-0.70710677f, -0.70710677f), (0, -1), (0.70710677f, -0.70710677f)];

    /// <summary>0 (closed) to 1 (open) for each pixel.</summary>
    /// <param name="seen">With 1 / distance as nearness.</param>
    /// <param name="cameraDistance">Of the origin.</param>
    /// <param name="unitsPerPixel">About where the face is.</param>
    public static float[] Of(VisibilityBuffer seen, float cameraDistance, float unitsPerPixel)
    {
        var (width, height) = (seen.Width, seen.Height);
        var depth = Array.ConvertAll(seen.Nearness, nearness => nearness == 0 ? -1000 : cameraDistance - 1 / nearness);
        var raw = new float[depth.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var at = y * width + x;
                if (seen.Triangle[at] == VisibilityBuffer.Nothing) { raw[at] = 1; continue; }
                var blocked = 0f;
                for (var direction = 0; direction < Directions; direction++)
                {
                    var steepest = 0f;
                    for (var ring = 1; ring <= Rings; ring++)
                    {
                        var length = Reach * (ring - ((x + y) & 1) * 0.5f) / Rings;
                        var (sx, sy) = (x + (int)(Circle[direction].X * length / unitsPerPixel), y + (int)(Circle[direction].Y * length / unitsPerPixel));
                        if ((uint)sx >= width || (uint)sy >= height) continue;
                        var rise = depth[sy * width + sx] - depth[at];
                        if (rise is > 0.02f and < 6) steepest = Math.Max(steepest, rise / MathF.Sqrt(rise * rise + length * length) * Geometry.Step(6, 2, rise));
                    }
                    blocked += steepest;
                }
                raw[at] = 1 - 0.85f * blocked / Directions;
            }
        return Smoothed(raw, depth, width, height);
    }

    private static float[] Smoothed(float[] raw, float[] depth, int width, int height)
    {
        var smooth = new float[raw.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (sum, count, at) = (0f, 0, y * width + x);
                for (var sy = Math.Max(0, y - 1); sy <= Math.Min(height - 1, y + 2); sy++)
                    for (var sx = Math.Max(0, x - 1); sx <= Math.Min(width - 1, x + 2); sx++)
                        if (MathF.Abs(depth[sy * width + sx] - depth[at]) < 0.4f) (sum, count) = (sum + raw[sy * width + sx], count + 1);
                smooth[at] = sum / count;
            }
        return smooth;
    }
}
