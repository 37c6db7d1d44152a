namespace FacialR1.VisionLanguage.Images;

/// <summary>A decoded picture: sRGB, three bytes a pixel, no alpha and no metadata. Read-only by convention once it is built.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Red, green, blue, row by row: width × height × 3 bytes.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.LongLength != 3L * width * height)
            throw new ArgumentException($"A picture of {width} x {height} needs {3L * width * height} bytes, but got {pixels.LongLength}.", nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue, row by row: <c>Pixels[(y * Width + x) * 3 + channel]</c>.</summary>
    public byte[] Pixels { get; }

    /// <summary>The whole picture as a box.</summary>
    public PixelBox Bounds => new(0, 0, Width, Height);

    /// <summary>One row: 3 × <see cref="Width"/> bytes.</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width * 3, Width * 3);

    /// <summary>Copies a part. Where the box reaches beyond the picture, the nearest edge pixel is repeated.</summary>
    /// <exception cref="ArgumentException">The box is empty or does not touch the picture.</exception>
    public RgbImage Crop(PixelBox box)
    {
        if (box.Width < 1 || box.Height < 1 || box.Left >= Width || box.Top >= Height || box.Right <= 0 || box.Bottom <= 0)
            throw new ArgumentException($"The box {box} does not touch the picture of {Width} x {Height}.", nameof(box));

        var cropped = new byte[checked(box.Width * box.Height * 3)];
        // Columns of the box that lie inside the picture are one block copy; the rest repeats the edge.
        var before = Math.Max(0, -box.Left);
        var inside = Math.Min(box.Right, Width) - Math.Max(box.Left, 0);
        for (var y = 0; y < box.Height; y++)
        {
            var source = Row(Math.Clamp(box.Top + y, 0, Height - 1));
            var target = cropped.AsSpan(y * box.Width * 3, box.Width * 3);
            source.Slice(Math.Max(box.Left, 0) * 3, inside * 3).CopyTo(target[(before * 3)..]);
            for (var x = 0; x < before; x++) source[..3].CopyTo(target[(x * 3)..]);
            for (var x = before + inside; x < box.Width; x++) source[^3..].CopyTo(target[(x * 3)..]);
        }
        return new RgbImage(box.Width, box.Height, cropped);
    }

    /// <summary>The same picture in grey levels: all three channels carry the luma of ITU-R BT.601.</summary>
    public RgbImage ToGrey()
    {
        var grey = new byte[Pixels.Length];
        for (var index = 0; index < grey.Length; index += 3)
        {
            var luma = (byte)((Pixels[index] * 299 + Pixels[index + 1] * 587 + Pixels[index + 2] * 114 + 500) / 1000);
            (grey[index], grey[index + 1], grey[index + 2]) = (luma, luma, luma);
        }

        return new RgbImage(Width, Height, grey);
    }
}
