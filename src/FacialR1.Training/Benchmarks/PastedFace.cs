using FacialR1.Analysis.Statistics;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Benchmarks;

/// <summary>A picture with one labelled photo in it, for asking a detector where the face is.</summary>
/// <param name="Picture">A drawn background of 640 × 480 to 1024 × 768 pixels with the photo on it.</param>
/// <param name="CentreX">Centre of the photo, in pixels of the picture.</param>
/// <param name="CentreY">Centre of the photo.</param>
/// <param name="Side">Side of the photo in pixels.</param>
/// <param name="Degrees">By which it is turned clockwise.</param>
public sealed record PastedFace(RgbImage Picture, double CentreX, double CentreY, double Side, double Degrees)
{
    /// <summary>Heads are tilted up to this, both ways.</summary>
    public const double LargestTilt = 45;

    private const double SmallestShare = 0.06, LargestShare = 0.6;   // of the longer side
    private static readonly PixelSize[] Sizes = [new(640, 480), new(480, 640), new(800, 600), new(1024, 768)];

    /// <summary>Side of the photo over the longer side of the picture.</summary>
    public double Share => Side / Math.Max(Picture.Width, Picture.Height);

    /// <summary>Draws a background and pastes the photo at a random size (equally many at every scale), tilt and place. The same numbers give the same picture.</summary>
    public static PastedFace Draw(FaceSample sample, Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var picture = DrawnBackground.Draw(Sizes[random.NextInt(Sizes.Length)], random);
        var (shorter, longer) = (Math.Min(picture.Width, picture.Height), Math.Max(picture.Width, picture.Height));
        var degrees = (2 * random.NextDouble() - 1) * LargestTilt;
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var spread = Math.Abs(sine) + cosine;   // what a turned square takes of each side
        var side = Math.Min(longer * SmallestShare * Math.Pow(LargestShare / SmallestShare, random.NextDouble()), (shorter - 2) / spread);
        var half = side * spread / 2;
        var (x, y) = (half + random.NextDouble() * (picture.Width - 2 * half), half + random.NextDouble() * (picture.Height - 2 * half));

        for (var row = Math.Max(0, (int)(y - half)); row < Math.Min(picture.Height, y + half + 1); row++)
            for (var column = Math.Max(0, (int)(x - half)); column < Math.Min(picture.Width, x + half + 1); column++)
            {
                var (dx, dy) = ((column + 0.5 - x) / side, (row + 0.5 - y) / side);
                var (u, v) = (cosine * dx + sine * dy + 0.5, cosine * dy - sine * dx + 0.5);
                if (u is < 0 or >= 1 || v is < 0 or >= 1) continue;
                var grey = Grey(sample, u * sample.Side - 0.5, v * sample.Side - 0.5);
                picture.Pixels.AsSpan((row * picture.Width + column) * 3, 3).Fill(grey);
            }

        return new PastedFace(picture, x, y, side, degrees);
    }

    /// <summary>Is it this face? The centre must lie within 0.3 of the photo's side, the size within a factor of two.</summary>
    public bool IsAt(DetectedFace found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return IsAt(found.Box.Left + found.Box.Width / 2.0, found.Box.Top + found.Box.Height / 2.0, Math.Sqrt(found.Box.Area));
    }

    /// <summary>The same for the box of any detector.</summary>
    public bool IsAt(double x, double y, double size)
    {
        // In the photos of the set the middle between brows and chin lies a tenth of the side below the centre.
        var (sine, cosine) = Math.SinCos(Degrees * Math.PI / 180);
        var (dx, dy) = (x - (CentreX - 0.1 * Side * sine), y - (CentreY + 0.1 * Side * cosine));
        return Math.Sqrt(dx * dx + dy * dy) <= 0.3 * Side && size >= 0.42 * Side && size <= 1.68 * Side;
    }

    private static byte Grey(FaceSample sample, double x, double y)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, down) = (x - left, y - top);
        var above = At(left, top) * (1 - right) + At(left + 1, top) * right;
        var below = At(left, top + 1) * (1 - right) + At(left + 1, top + 1) * right;
        return (byte)Math.Round(above * (1 - down) + below * down);

        double At(int column, int row) => sample.Pixels[Math.Clamp(row, 0, sample.Side - 1) * sample.Side + Math.Clamp(column, 0, sample.Side - 1)];
    }
}
