using FacialR1.Analysis.Statistics;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Benchmarks;

/// <summary>Pictures without a face: coloured clouds, with ellipses and boxes on top. A detector that sees a face in one is wrong.</summary>
public static class DrawnBackground
{
    private const int Channels = 3;
    private static readonly int[] CellsPerOctave = [3, 8, 24];
    private static readonly double[] StrengthPerOctave = [0.6, 0.28, 0.12];

    /// <summary>The same numbers give the same picture.</summary>
    public static RgbImage Draw(PixelSize size, Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var levels = new double[size.Width * size.Height * Channels];
        for (var octave = 0; octave < CellsPerOctave.Length; octave++) AddCloud(levels, size, CellsPerOctave[octave], StrengthPerOctave[octave], random);
        var picture = new RgbImage(size.Width, size.Height, Array.ConvertAll(levels, level => (byte)Math.Clamp(255 * level, 0, 255)));
        for (var shape = random.NextInt(12); shape > 0; shape--) AddShape(picture, random);
        return picture;
    }

    private static void AddCloud(double[] levels, PixelSize size, int cells, double strength, Pcg32 random)
    {
        var corners = new double[(cells + 1) * (cells + 1) * Channels];
        for (var i = 0; i < corners.Length; i++) corners[i] = random.NextDouble();
        for (var y = 0; y < size.Height; y++)
        {
            var (row, down) = Cell(y, size.Height);
            for (var x = 0; x < size.Width; x++)
            {
                var (column, right) = Cell(x, size.Width);
                var corner = (row * (cells + 1) + column) * Channels;
                for (var channel = 0; channel < Channels; channel++, corner++)
                {
                    var above = corners[corner] * (1 - right) + corners[corner + Channels] * right;
                    var below = corners[corner + (cells + 1) * Channels] * (1 - right) + corners[corner + (cells + 2) * Channels] * right;
                    levels[(y * size.Width + x) * Channels + channel] += strength * (above * (1 - down) + below * down);
                }
            }
        }

        (int Cell, double Share) Cell(int place, int length)
        {
            var at = (place + 0.5) / length * cells;
            return ((int)at, at - (int)at);
        }
    }

    private static void AddShape(RgbImage picture, Pcg32 random)
    {
        var isEllipse = random.NextInt(2) == 0;
        var (x, y) = (random.NextDouble() * picture.Width, random.NextDouble() * picture.Height);
        var (halfWidth, halfHeight) = ((0.01 + 0.15 * random.NextDouble()) * picture.Width, (0.01 + 0.15 * random.NextDouble()) * picture.Height);
        byte[] colour = [(byte)random.NextInt(256), (byte)random.NextInt(256), (byte)random.NextInt(256)];
        for (var row = Math.Max(0, (int)(y - halfHeight)); row < Math.Min(picture.Height, y + halfHeight); row++)
            for (var column = Math.Max(0, (int)(x - halfWidth)); column < Math.Min(picture.Width, x + halfWidth); column++)
            {
                var (dx, dy) = ((column - x) / halfWidth, (row - y) / halfHeight);
                if (!isEllipse || dx * dx + dy * dy <= 1) colour.CopyTo(picture.Pixels.AsSpan((row * picture.Width + column) * Channels));
            }
    }
}
