using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>Cuts a found face out the way the training photos are cut: a square with the brows at about a quarter of its height and the chin at its lower edge.</summary>
/// <remarks>
/// Fitted on 487 photos of fer-au's val split, where the frame is known: the detector's box was found in each, and the medians of the frame's
/// side and of the box's place in it were taken. In that frame the eyes lie at 0.39 of the height, the mouth at 0.78, the chin at 1.0.
/// </remarks>
public static class FaceCrop
{
    private const double SidePerBox = 1.1925;      // frame side over the geometric mean of the box's sides
    private const double BoxCentreHeight = 0.599;  // place of the box's centre in the frame, from the top

    /// <summary>A head tilted less than this, in degrees, is cut out as it is: training shows such heads, tilted in the photos themselves and by augmentation up to here.</summary>
    public const double SmallestTilt = 15;

    /// <summary>What to cut out: a square, turned with the head when that is tilted. It may reach beyond the picture.</summary>
    public static FaceFrame For(DetectedFace face)
    {
        ArgumentNullException.ThrowIfNull(face);
        return Math.Abs(face.Tilt) < SmallestTilt ? Upright(face) : Turned(face, face.Tilt);
    }

    /// <summary>The upright square, however the head is tilted.</summary>
    public static FaceFrame Upright(DetectedFace face) => Turned(face, 0);

    /// <summary>The face alone. Where the square reaches beyond the picture, its edge is repeated, so that eyes, mouth and chin keep their places.</summary>
    /// <exception cref="ArgumentException">The face does not lie in this picture.</exception>
    public static RgbImage Crop(RgbImage image, DetectedFace face) => For(face).CutFrom(image);

    private static FaceFrame Turned(DetectedFace face, double degrees)
    {
        ArgumentNullException.ThrowIfNull(face);
        var box = face.Box;
        var side = SidePerBox * Math.Sqrt(box.Area);
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        // The frame's centre lies above that of the box, along the face.
        var above = (BoxCentreHeight - 0.5) * side;
        var (x, y) = (box.Left + box.Width / 2.0 + sine * above, box.Top + box.Height / 2.0 - cosine * above);
        var pixels = (int)Math.Max(1, Math.Round(side));
        return new FaceFrame(new PixelBox((int)Math.Round(x - side / 2), (int)Math.Round(y - side / 2), pixels, pixels), degrees);
    }
}
