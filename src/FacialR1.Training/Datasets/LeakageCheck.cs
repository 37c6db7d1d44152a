using System.Numerics;
using System.Security.Cryptography;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>What identifies a picture: its pixels, and what it looks like.</summary>
/// <param name="Sample">Id of the sample.</param>
/// <param name="Exact">SHA-256 of size and pixels; the file format does not matter.</param>
/// <param name="Look">256 bits, one per neighbouring pair of a 17 × 16 grid: which is brighter (difference hash).</param>
public sealed record PictureFingerprint(string Sample, string Exact, ulong[] Look)
{
    private const int Columns = 17, Rows = 16;

    /// <summary>Takes the fingerprint of a picture.</summary>
    public static PictureFingerprint Of(string sample, RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var exact = Convert.ToHexStringLower(SHA256.HashData([.. BitConverter.GetBytes(picture.Width), .. BitConverter.GetBytes(picture.Height), .. picture.Pixels]));
        var grid = Grid(picture);
        var look = new ulong[4];
        for (var bit = 0; bit < 256; bit++)
        {
            var (y, x) = (bit / Rows, bit % Rows);
            if (grid[y * Columns + x] > grid[y * Columns + x + 1]) look[bit / 64] |= 1UL << (bit % 64);
        }
        return new PictureFingerprint(sample, exact, look);
    }

    /// <summary>Bits in which two looks differ, 0 to 256; unrelated pictures differ in about 128.</summary>
    public int DistanceTo(PictureFingerprint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var distance = 0;
        for (var part = 0; part < 4; part++) distance += BitOperations.PopCount(Look[part] ^ other.Look[part]);
        return distance;
    }

    /// <summary>Mean luma of each cell; cells are at least a pixel wide.</summary>
    private static double[] Grid(RgbImage picture)
    {
        var grid = new double[Columns * Rows];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
            {
                var (top, left) = (row * picture.Height / Rows, column * picture.Width / Columns);
                var (bottom, right) = (Math.Max(top + 1, (row + 1) * picture.Height / Rows), Math.Max(left + 1, (column + 1) * picture.Width / Columns));
                double sum = 0;
                for (var y = top; y < bottom; y++)
                    for (var x = left; x < right; x++)
                    {
                        var at = 3 * (y * picture.Width + x);
                        sum += picture.Pixels[at] * 0.299 + picture.Pixels[at + 1] * 0.587 + picture.Pixels[at + 2] * 0.114;
                    }
                grid[row * Columns + column] = sum / ((bottom - top) * (right - left));
            }
        return grid;
    }
}

/// <summary>One picture that is on both sides.</summary>
/// <param name="First">Id of the sample in the first set.</param>
/// <param name="Second">Id of the sample in the second.</param>
/// <param name="IsExact">Equal pixel by pixel; otherwise it only looks alike and somebody should look.</param>
/// <param name="Distance">Bits of the looks that differ, of 256.</param>
public sealed record LeakedPicture(string First, string Second, bool IsExact, int Distance);

/// <summary>Finds pictures of a training set in a benchmark: equal ones by checksum, resized or recompressed ones by their look.</summary>
public static class LeakageCheck
{
    /// <summary>Bits that may differ between pictures that look alike; a twentieth of all.</summary>
    public const int DefaultDistance = 12;

    /// <summary>Bands of 16 bits: with fewer differing bits than bands at least one band is equal, so nothing within the distance is missed.</summary>
    private const int Bands = 16;

    /// <summary>Every pair within the distance, equal ones first.</summary>
    /// <param name="distance">0 to 15.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is not between 0 and 15.</exception>
    public static IReadOnlyList<LeakedPicture> Find(IReadOnlyList<PictureFingerprint> first, IReadOnlyList<PictureFingerprint> second, int distance = DefaultDistance)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegative(distance);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(distance, Bands);
        var byBand = new Dictionary<(int Band, ushort Bits), List<int>>();
        foreach (var (index, picture) in first.Index())
            for (var band = 0; band < Bands; band++)
            {
                var key = (band, Bits(picture, band));
                if (!byBand.TryGetValue(key, out var list)) byBand[key] = list = [];
                list.Add(index);
            }

        var found = new List<LeakedPicture>();
        foreach (var picture in second)
        {
            var candidates = new HashSet<int>();
            for (var band = 0; band < Bands; band++)
                if (byBand.TryGetValue((band, Bits(picture, band)), out var list)) candidates.UnionWith(list);
            foreach (var index in candidates.Order())
                if (first[index].DistanceTo(picture) is var bits && bits <= distance)
                    found.Add(new LeakedPicture(first[index].Sample, picture.Sample, first[index].Exact == picture.Exact, bits));
        }
        return [.. found.OrderByDescending(pair => pair.IsExact).ThenBy(pair => pair.Distance).ThenBy(pair => pair.Second, StringComparer.Ordinal).ThenBy(pair => pair.First, StringComparer.Ordinal)];
    }

    private static ushort Bits(PictureFingerprint picture, int band) => (ushort)(picture.Look[band / 4] >> (16 * (band % 4)));
}
