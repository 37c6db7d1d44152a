using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Inference;

/// <summary>Cuts from a photo what a model gets to see.</summary>
public static class ModelView
{
    /// <summary>More pixels than this a side are scaled down; the largest published checkpoints see fewer.</summary>
    public const int LongestSide = 768;

    /// <summary>What lies in the frame, upright, as a PNG. Where it reaches beyond the photo, the edge is repeated.</summary>
    /// <param name="photo">An encoded picture that was accepted before.</param>
    /// <param name="frame">In pixels of the photo.</param>
    public static byte[] Cut(ReadOnlyMemory<byte> photo, FaceFrame frame) => Whole(frame.CutFrom(ImageReader.Read(photo)));

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
