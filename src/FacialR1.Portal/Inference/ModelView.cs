using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Inference;

/// <summary>Cuts from a photo what a model gets to see.</summary>
public static class ModelView
{
    /// <summary>More pixels than this a side are scaled down; the largest published checkpoints see fewer.</summary>
    public const int LongestSide = 768;

    /// <summary>The area as a PNG. Where it reaches beyond the photo, the edge is repeated.</summary>
    /// <param name="photo">An encoded picture that was accepted before.</param>
    /// <param name="area">In pixels of the photo.</param>
    public static byte[] Cut(ReadOnlyMemory<byte> photo, PixelArea area) => Cut(ImageReader.Read(photo), area);

    /// <summary>The same for a photo that is already decoded.</summary>
    public static byte[] Cut(RgbImage photo, PixelArea area) => Whole(photo.Crop(new PixelBox(area.X, area.Y, area.Width, area.Height)));

    /// <summary>The whole photo as a PNG, for photos in which no face was found.</summary>
    public static byte[] Whole(RgbImage photo) => ImageWriter.ToPng(FitInto(photo, LongestSide));

    /// <summary>The picture itself, or a copy whose longer side is <paramref name="longestSide"/> pixels.</summary>
    public static RgbImage FitInto(RgbImage image, int longestSide)
    {
        var longer = Math.Max(image.Width, image.Height);
        if (longer <= longestSide) return image;
        var scale = (double)longestSide / longer;
        return PillowResize.Bicubic(image, Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
    }
}
