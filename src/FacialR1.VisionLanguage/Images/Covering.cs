namespace FacialR1.VisionLanguage.Images;

/// <summary>What stands in the place of covered pixels. A covered face is unlike any the model was trained on, so the filling is always named with a result.</summary>
public enum Filling
{
    /// <summary>The picture reduced to six pixels along its longer side and enlarged again: colours and light stay, features go.</summary>
    Blur,

    /// <summary>The mean colour of the whole picture.</summary>
    Mean,
}

/// <summary>Covers parts of one picture. The filling is made once.</summary>
public sealed class Covering
{
    private const int BlurredSide = 6;
    private readonly RgbImage image;
    private readonly byte[] filled;

    public Covering(RgbImage image, Filling filling)
    {
        ArgumentNullException.ThrowIfNull(image);
        (this.image, filled) = (image, filling == Filling.Blur ? Blurred(image).Pixels : MeanOf(image));
    }

    /// <summary>A copy with the pixels of the mask filled.</summary>
    /// <exception cref="ArgumentException">Mask and picture differ in size.</exception>
    public RgbImage Cover(PixelMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if ((mask.Width, mask.Height) != (image.Width, image.Height)) throw new ArgumentException("The mask belongs to a picture of another size.", nameof(mask));
        var pixels = (byte[])image.Pixels.Clone();
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                if (mask[x, y]) filled.AsSpan((y * image.Width + x) * 3, 3).CopyTo(pixels.AsSpan((y * image.Width + x) * 3, 3));
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static RgbImage Blurred(RgbImage image)
    {
        var scale = (double)BlurredSide / Math.Max(image.Width, image.Height);
        var small = PillowResize.Bicubic(image, Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        return PillowResize.Bicubic(small, image.Width, image.Height);
    }

    private static byte[] MeanOf(RgbImage image)
    {
        var sums = new long[3];
        for (var place = 0; place < image.Pixels.Length; place++) sums[place % 3] += image.Pixels[place];
        long count = image.Pixels.Length / 3;
        var mean = Array.ConvertAll(sums, sum => (byte)((sum + count / 2) / count));
        var pixels = new byte[image.Pixels.Length];
        for (var place = 0; place < pixels.Length; place++) pixels[place] = mean[place % 3];
        return pixels;
    }
}
