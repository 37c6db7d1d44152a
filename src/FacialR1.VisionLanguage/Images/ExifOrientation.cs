using SkiaSharp;

namespace FacialR1.VisionLanguage.Images;

/// <summary>Turns stored pixels the way the camera meant them (EXIF tag 0x0112, values 1–8).</summary>
internal static class ExifOrientation
{
    /// <summary>Upright copy of <paramref name="stored"/>, or the same object where nothing is to do.</summary>
    public static RgbImage Apply(RgbImage stored, SKEncodedOrigin origin)
    {
        var (w, h) = (stored.Width, stored.Height);
        // The stored pixel that the upright pixel (x, y) comes from, as start + x * stepX + y * stepY in pixels.
        (int Start, int StepX, int StepY, bool Turned) walk = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w, false),                    // 2: mirrored
            SKEncodedOrigin.BottomRight => (w * h - 1, -1, -w, false),            // 3: upside down
            SKEncodedOrigin.BottomLeft => ((h - 1) * w, 1, -w, false),            // 4: mirrored upside down
            SKEncodedOrigin.LeftTop => (0, w, 1, true),                           // 5: transposed
            SKEncodedOrigin.RightTop => ((h - 1) * w, -w, 1, true),               // 6: needs a quarter turn clockwise
            SKEncodedOrigin.RightBottom => (w * h - 1, -w, -1, true),             // 7: transposed along the other diagonal
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1, true),                   // 8: needs a quarter turn anticlockwise
            _ => (0, 1, w, false),
        };
        if (walk is { Start: 0, StepX: 1 }) return stored;

        var (width, height) = walk.Turned ? (h, w) : (w, h);
        var upright = new byte[stored.Pixels.Length];
        var target = 0;
        for (var y = 0; y < height; y++)
        {
            var source = walk.Start + y * walk.StepY;
            for (var x = 0; x < width; x++, source += walk.StepX, target += 3)
                stored.Pixels.AsSpan(source * 3, 3).CopyTo(upright.AsSpan(target));
        }
        return new RgbImage(width, height, upright);
    }
}
