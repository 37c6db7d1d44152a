using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>A square of a picture, turned about its centre.</summary>
/// <param name="Square">Before it is turned, in picture pixels; it may reach beyond the picture.</param>
/// <param name="Degrees">Clockwise in the picture; 0 is upright.</param>
public readonly record struct FaceFrame(PixelBox Square, double Degrees = 0)
{
    // A larger frame is reduced while it is cut; no model looks at more.
    private const int LargestTurnedSide = 1024;

    /// <summary>What lies in the frame, upright. Where the frame reaches beyond the picture, the nearest edge pixel is repeated.</summary>
    /// <remarks>An upright frame is copied. A turned one is interpolated (Catmull-Rom) and has at most 1,024 pixels a side.</remarks>
    /// <exception cref="ArgumentException">The frame does not touch the picture.</exception>
    public RgbImage CutFrom(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (Degrees == 0) return picture.Crop(Square);

        // The square around the turned square: everything that can be needed, and nothing else of a large picture.
        var (centreX, centreY) = (Square.Left + Square.Width / 2.0, Square.Top + Square.Height / 2.0);
        var reach = (int)Math.Ceiling(Math.Max(Square.Width, Square.Height) * 0.7072) + 2;
        var around = new PixelBox((int)centreX - reach, (int)centreY - reach, 2 * reach, 2 * reach);
        var factor = Math.Max(1, (int)Math.Ceiling((double)Math.Max(Square.Width, Square.Height) / LargestTurnedSide));
        var source = BoxReduce.By(picture.Crop(around), factor);
        return Turned(source, (centreX - around.Left) / factor, (centreY - around.Top) / factor, Math.Max(1, Square.Width / factor), Math.Max(1, Square.Height / factor));
    }

    /// <summary>Where a place of the cut picture lies in the whole one.</summary>
    /// <param name="x">Share of the frame's width.</param>
    /// <param name="y">Share of its height.</param>
    public PixelPoint ToPicture(double x, double y)
    {
        var (sine, cosine) = Math.SinCos(Degrees * Math.PI / 180);
        var (right, down) = ((x - 0.5) * Square.Width, (y - 0.5) * Square.Height);
        return new PixelPoint(
            (float)(Square.Left + Square.Width / 2.0 + cosine * right - sine * down), (float)(Square.Top + Square.Height / 2.0 + sine * right + cosine * down));
    }

    private RgbImage Turned(RgbImage source, double centreX, double centreY, int width, int height)
    {
        var (sine, cosine) = Math.SinCos(Degrees * Math.PI / 180);
        var turned = new byte[width * height * 3];
        Span<double> across = stackalloc double[4], down = stackalloc double[4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (dx, dy) = (x + 0.5 - width / 2.0, y + 0.5 - height / 2.0);
                var (fromX, fromY) = (centreX + cosine * dx - sine * dy - 0.5, centreY + sine * dx + cosine * dy - 0.5);
                var (column, row) = ((int)Math.Floor(fromX), (int)Math.Floor(fromY));
                Weights(fromX - column, across);
                Weights(fromY - row, down);
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = 0.0;
                    for (var j = 0; j < 4; j++)
                        for (var i = 0; i < 4; i++)
                            sum += down[j] * across[i] * source.Pixels[
                                (Math.Clamp(row + j - 1, 0, source.Height - 1) * source.Width + Math.Clamp(column + i - 1, 0, source.Width - 1)) * 3 + channel];
                    turned[(y * width + x) * 3 + channel] = (byte)Math.Clamp(Math.Round(sum), 0, 255);
                }
            }

        return new RgbImage(width, height, turned);
    }

    private static void Weights(double t, Span<double> weights)
    {
        weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
        weights[1] = (1.5 * t - 2.5) * t * t + 1;
        weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
        weights[3] = (0.5 * t - 0.5) * t * t;
    }
}
