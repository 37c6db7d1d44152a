namespace FacialR1.VisionLanguage.Images;

/// <summary>Fast shrinking by a whole factor: each target pixel is the mean of a square of source pixels.</summary>
public static class BoxReduce
{
    /// <summary>Shrinks so much that the longer side is still at least <paramref name="longerSide"/>; the same object where no whole factor above 1 does that.</summary>
    public static RgbImage Towards(RgbImage image, int longerSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longerSide);
        // A square of source pixels must fit on the shorter side too.
        var factor = Math.Min(Math.Max(image.Width, image.Height) / longerSide, Math.Min(image.Width, image.Height));
        return factor > 1 ? By(image, factor) : image;
    }

    /// <summary>Shrinks by <paramref name="factor"/>; rows and columns that do not fill a square are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is below 1 or above the shorter side.</exception>
    public static RgbImage By(RgbImage image, int factor)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, Math.Min(image.Width, image.Height));
        var (width, height, count) = (image.Width / factor, image.Height / factor, factor * factor);
        var reduced = new byte[width * height * 3];
        var sums = new int[width * 3];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            for (var k = 0; k < factor; k++)
            {
                var row = image.Row(y * factor + k);
                for (int x = 0, source = 0; x < sums.Length; x += 3)
                    for (var i = 0; i < factor; i++, source += 3)
                    {
                        sums[x] += row[source];
                        sums[x + 1] += row[source + 1];
                        sums[x + 2] += row[source + 2];
                    }
            }
            for (var x = 0; x < sums.Length; x++) reduced[y * sums.Length + x] = (byte)((sums[x] + count / 2) / count);
        }
        return new RgbImage(width, height, reduced);
    }
}
