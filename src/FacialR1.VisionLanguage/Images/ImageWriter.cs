using SkiaSharp;

namespace FacialR1.VisionLanguage.Images;

/// <summary>Encodes pictures for the browser and for disk. What is written carries no metadata.</summary>
public static class ImageWriter
{
    /// <summary>Lossless.</summary>
    public static byte[] ToPng(RgbImage image) => Encode(image, SKEncodedImageFormat.Png, 100);

    /// <summary>Lossy.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 (worst) to 100.</param>
    public static byte[] ToJpeg(RgbImage image, int quality = 88) => Encode(image, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>Lossy below quality 100, lossless at 100.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 (worst) to 100.</param>
    public static byte[] ToWebP(RgbImage image, int quality = 85) => Encode(image, SKEncodedImageFormat.Webp, quality);

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = new byte[image.Width * 4];
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            for (int source = 0, target = 0; source < row.Length; source += 3, target += 4)
                (rgba[target], rgba[target + 1], rgba[target + 2], rgba[target + 3]) = (row[source], row[source + 1], row[source + 2], 255);
            System.Runtime.InteropServices.Marshal.Copy(rgba, 0, bitmap.GetPixels() + y * bitmap.RowBytes, rgba.Length);
        }
        using var encoded = bitmap.Encode(format, quality)
            ?? throw new InvalidOperationException($"A picture of {image.Width} x {image.Height} cannot be written as {format}: the format allows fewer pixels a side.");
        return encoded.ToArray();
    }
}
