namespace FacialR1.Training.Data;

/// <summary>Random views of a face: the same expression, another pose, light and framing. Pure: same seed, same view.</summary>
/// <param name="MaxRotation">Degrees, both ways.</param>
/// <param name="MaxScale">0.15 means 0.85 to 1.15.</param>
/// <param name="MaxShift">Share of the side, both ways and both axes.</param>
/// <param name="MaxContrast">0.3 means factors 0.7 to 1.3.</param>
/// <param name="MaxBrightness">Share of the full range, both ways.</param>
/// <param name="EraseProbability">How often a random box is filled with noise (random erasing).</param>
public sealed record FaceAugmentation(
    double MaxRotation = 15, double MaxScale = 0.15, double MaxShift = 0.08, double MaxContrast = 0.35, double MaxBrightness = 0.15, double EraseProbability = 0.25)
{
    /// <summary>A view with its landmarks moved along.</summary>
    /// <param name="Grey">Side × side grey levels in [0, 1].</param>
    /// <param name="Landmarks">68 points as x, y fractions; null where the sample has none.</param>
    public readonly record struct View(float[] Grey, float[]? Landmarks);

    /// <summary>The sample as it is.</summary>
    public static View Plain(FaceSample sample, bool mirrored = false)
    {
        var view = new View(Array.ConvertAll(sample.Pixels, pixel => pixel / 255f), sample.Landmarks);
        return mirrored ? Mirror(view, sample.Side) : view;
    }

    /// <summary>A random view, wholly determined by <paramref name="seed"/>.</summary>
    public View Apply(FaceSample sample, int seed)
    {
        var random = new Random(seed);
        double Symmetric(double limit) => (random.NextDouble() * 2 - 1) * limit;

        var side = sample.Side;
        var angle = Symmetric(MaxRotation) * Math.PI / 180;
        var scale = 1 + Symmetric(MaxScale);
        var (shiftX, shiftY) = (Symmetric(MaxShift) * side, Symmetric(MaxShift) * side);
        var mirrored = random.NextDouble() < 0.5;
        var (contrast, brightness) = ((float)(1 + Symmetric(MaxContrast)), (float)Symmetric(MaxBrightness));

        var (cos, sin, center) = (Math.Cos(angle), Math.Sin(angle), (side - 1) / 2.0);
        var grey = new float[side * side];
        var mean = 0f;
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
        {
            var (dx, dy) = ((x - center - shiftX) / scale, (y - center - shiftY) / scale);
            mean += grey[y * side + x] = Bicubic(sample.Pixels, side, center + cos * dx + sin * dy, center - sin * dx + cos * dy);
        }

        mean /= grey.Length;
        for (var index = 0; index < grey.Length; index++)
            grey[index] = Math.Clamp((grey[index] - mean) * contrast + mean + brightness, 0f, 1f);

        float[]? landmarks = null;
        if (sample.Landmarks is { } points)
        {
            landmarks = new float[points.Length];
            for (var index = 0; index < points.Length; index += 2)
            {
                var (px, py) = (points[index] * side - 0.5 - center, points[index + 1] * side - 0.5 - center);
                landmarks[index] = (float)(((cos * px - sin * py) * scale + center + shiftX + 0.5) / side);
                landmarks[index + 1] = (float)(((sin * px + cos * py) * scale + center + shiftY + 0.5) / side);
            }
        }

        if (random.NextDouble() < EraseProbability) Erase(grey, side, random);
        var view = new View(grey, landmarks);
        return mirrored ? Mirror(view, side) : view;
    }

    private static void Erase(float[] grey, int side, Random random)
    {
        var (width, height) = (random.Next(side / 8, side / 3), random.Next(side / 8, side / 3));
        var (left, top) = (random.Next(side - width), random.Next(side - height));
        for (var y = top; y < top + height; y++)
        for (var x = left; x < left + width; x++)
            grey[y * side + x] = random.NextSingle();
    }

    /// <summary>Catmull-Rom interpolation with the border repeated; the result is in [0, 1] up to overshoot.</summary>
    private static float Bicubic(byte[] pixels, int side, double x, double y)
    {
        var (x0, y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        Weights((float)(x - x0), across);
        Weights((float)(y - y0), down);
        var sum = 0f;
        for (var row = 0; row < 4; row++)
        {
            var start = Math.Clamp(y0 + row - 1, 0, side - 1) * side;
            var line = 0f;
            for (var column = 0; column < 4; column++)
                line += across[column] * pixels[start + Math.Clamp(x0 + column - 1, 0, side - 1)];
            sum += down[row] * line;
        }

        return sum / 255f;
    }

    private static void Weights(float t, Span<float> weights)
    {
        weights[0] = ((-0.5f * t + 1f) * t - 0.5f) * t;
        weights[1] = (1.5f * t - 2.5f) * t * t + 1f;
        weights[2] = ((-1.5f * t + 2f) * t + 0.5f) * t;
        weights[3] = (0.5f * t - 0.5f) * t * t;
    }

    private static View Mirror(View view, int side)
    {
        for (var y = 0; y < side; y++) Array.Reverse(view.Grey, y * side, side);
        if (view.Landmarks is not { } points) return view;

        var mirrored = new float[points.Length];
        for (var index = 0; index < 68; index++)
        {
            var twin = LandmarkTwins[index];
            (mirrored[2 * twin], mirrored[2 * twin + 1]) = (1 - points[2 * index], points[2 * index + 1]);
        }

        return view with { Landmarks = mirrored };
    }

    /// <summary>For each of the 68 points the number of its mirror image (jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67).</summary>
    private static readonly int[] LandmarkTwins =
    [
        16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
        26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
        27, 28, 29, 30, 35, 34, 33, 32, 31,
        45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
        54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65,
    ];
}
