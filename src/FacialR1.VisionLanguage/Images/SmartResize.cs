namespace FacialR1.VisionLanguage.Images;

/// <summary>The target size of Qwen2-VL's image processor: sides that are multiples of a factor, about the same shape, within a pixel budget.</summary>
public static class SmartResize
{
    /// <summary>The longest shape the model takes, longer to shorter side.</summary>
    public const double MaximumAspectRatio = 200;

    /// <summary>Finds the size a picture is resized to before it is cut into patches.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="factor">Patch side × merge side, 28 for the published checkpoints.</param>
    /// <param name="minimumPixels">Smaller pictures are enlarged to at least this many pixels.</param>
    /// <param name="maximumPixels">Larger pictures are reduced to at most this many pixels, unless a side would fall below one factor.</param>
    /// <exception cref="ArgumentException">The shape is longer than 200 to 1.</exception>
    public static PixelSize For(int width, int height, int factor, long minimumPixels, long maximumPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        if (Math.Max(width, height) > MaximumAspectRatio * Math.Min(width, height))
            throw new ArgumentException($"A picture of {width} x {height} is longer than {MaximumAspectRatio} to 1.", nameof(width));

        // Halves go to the even multiple, in the reference (Python) as in .NET.
        var size = Multiples(Math.Round((double)width / factor), Math.Round((double)height / factor), factor);
        var pixels = (double)width * height;
        if ((long)size.Width * size.Height > maximumPixels)
        {
            var shrink = Math.Sqrt(pixels / maximumPixels);
            size = Multiples(Math.Floor(width / shrink / factor), Math.Floor(height / shrink / factor), factor);
        }
        else if ((long)size.Width * size.Height < minimumPixels)
        {
            var grow = Math.Sqrt(minimumPixels / pixels);
            size = Multiples(Math.Ceiling(width * grow / factor), Math.Ceiling(height * grow / factor), factor);
        }
        return size;
    }

    private static PixelSize Multiples(double columns, double rows, int factor) =>
        new(Math.Max((int)columns, 1) * factor, Math.Max((int)rows, 1) * factor);
}
