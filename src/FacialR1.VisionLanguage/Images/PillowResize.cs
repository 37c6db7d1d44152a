namespace FacialR1.VisionLanguage.Images;

/// <summary>Bicubic resizing that gives the same bytes as Pillow, which the reference image processor of Qwen2.5-VL uses.</summary>
/// <remarks>
/// Two passes, rows first, each rounded to bytes. The kernel (Keys 1981, a = -0.5) is stretched by the scale when shrinking, so every
/// source pixel counts (antialiasing). Weights are whole numbers with 22 = 32 - 8 - 2 fractional bits: 8 bits for the pixel, 2 for overshoot.
/// </remarks>
public static class PillowResize
{
    private const int FractionBits = 32 - 8 - 2;
    private const double KernelReach = 2.0;

    /// <summary>Resizes to exactly the given size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static RgbImage Bicubic(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var rows = width == image.Width ? image : Horizontal(image, width);
        return height == rows.Height ? rows : Vertical(rows, height);
    }

    /// <summary>Weights of the source pixels for each target pixel of one axis.</summary>
    private readonly record struct Axis(int[] First, int[][] Weights)
    {
        public static Axis Between(int source, int target)
        {
            var scale = (double)source / target;
            var stretch = Math.Max(scale, 1.0);
            var reach = KernelReach * stretch;
            var axis = new Axis(new int[target], new int[target][]);
            for (var i = 0; i < target; i++)
            {
                var centre = (i + 0.5) * scale;
                var first = Math.Max((int)(centre - reach + 0.5), 0);
                var weights = new double[Math.Min((int)(centre + reach + 0.5), source) - first];
                for (var k = 0; k < weights.Length; k++) weights[k] = Kernel((first + k - centre + 0.5) / stretch);
                var total = weights.Sum();
                axis.First[i] = first;
                axis.Weights[i] = Array.ConvertAll(weights, weight => ToFixed(weight / total));
            }
            return axis;
        }

        // Pillow rounds half away from zero by casting.
        private static int ToFixed(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

        private static double Kernel(double x)
        {
            const double a = -0.5;
            x = Math.Abs(x);
            return x switch
            {
                < 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
                < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * a,
                _ => 0.0,
            };
        }
    }

    private static RgbImage Horizontal(RgbImage image, int width)
    {
        var axis = Axis.Between(image.Width, width);
        var resized = new byte[checked(width * image.Height * 3)];
        var target = 0;
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            for (var x = 0; x < width; x++)
            {
                var source = axis.First[x] * 3;
                int red = 1 << (FractionBits - 1), green = red, blue = red;
                foreach (var weight in axis.Weights[x])
                {
                    red += row[source] * weight;
                    green += row[source + 1] * weight;
                    blue += row[source + 2] * weight;
                    source += 3;
                }
                resized[target++] = ToByte(red);
                resized[target++] = ToByte(green);
                resized[target++] = ToByte(blue);
            }
        }
        return new RgbImage(width, image.Height, resized);
    }

    private static RgbImage Vertical(RgbImage image, int height)
    {
        var axis = Axis.Between(image.Height, height);
        var stride = image.Width * 3;
        var resized = new byte[checked(stride * height)];
        var sums = new int[stride];
        for (var y = 0; y < height; y++)
        {
            Array.Fill(sums, 1 << (FractionBits - 1));
            var first = axis.First[y];
            for (var k = 0; k < axis.Weights[y].Length; k++)
            {
                var weight = axis.Weights[y][k];
                var row = image.Row(first + k);
                for (var i = 0; i < stride; i++) sums[i] += row[i] * weight;
            }
            var target = resized.AsSpan(y * stride, stride);
            for (var i = 0; i < stride; i++) target[i] = ToByte(sums[i]);
        }
        return new RgbImage(image.Width, height, resized);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);
}
