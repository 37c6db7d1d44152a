using System.Numerics;
using FacialR1.Training.Data;

namespace FacialR1.Training.Synthesis;

/// <summary>Finds photos that a set holds twice, also slightly brightened, blurred or recompressed. A face cut or turned differently is not found.</summary>
/// <remarks>
/// Candidates are pairs whose 64-bit difference hashes (8 × 8 signs of horizontal brightness steps) differ in few bits; a pair counts when its pixels also
/// correlate. The hash makes 20,000 photos a matter of a second; the correlation keeps different people in the same pose apart.
/// </remarks>
public static class RepeatedPhotos
{
    private const int MostDifferentBits = 8;

    /// <summary>Pixels of one photo in two versions correlate at least this much (Pearson).</summary>
    public const double LeastCorrelation = 0.97;

    /// <summary>For each sample that repeats a photo of <paramref name="heldOut"/> or an earlier sample: the id of that one.</summary>
    /// <param name="heldOut">Photos that must not be learnt from: validation and test.</param>
    public static IReadOnlyDictionary<string, string> Find(IReadOnlyList<FaceSample> samples, IReadOnlyList<FaceSample> heldOut)
    {
        FaceSample[] all = [.. heldOut, .. samples];
        var hashes = all.Select(Hash).ToArray();
        var repeats = new Dictionary<string, string>();
        for (var index = heldOut.Count; index < all.Length; index++)
        {
            for (var earlier = 0; earlier < index; earlier++)
            {
                if (BitOperations.PopCount(hashes[index] ^ hashes[earlier]) > MostDifferentBits || Correlation(all[index], all[earlier]) < LeastCorrelation) continue;
                repeats[all[index].Id] = all[earlier].Id;
                break;
            }
        }

        return repeats;
    }

    private static ulong Hash(FaceSample sample)
    {
        var hash = 0UL;
        for (var row = 0; row < 8; row++)
            for (var column = 0; column < 8; column++)
                hash = (hash << 1) | (Mean(row, column) < Mean(row, column + 1) ? 1UL : 0);
        return hash;

        double Mean(int row, int column)
        {
            var (top, bottom) = (row * sample.Side / 8, (row + 1) * sample.Side / 8);
            var (left, right) = (column * sample.Side / 9, (column + 1) * sample.Side / 9);
            var sum = 0;
            for (var y = top; y < bottom; y++)
                for (var x = left; x < right; x++) sum += sample.Pixels[y * sample.Side + x];
            return (double)sum / Math.Max(1, (bottom - top) * (right - left));
        }
    }

    /// <summary>Photos of different size are taken as different; two flat ones are equal only if their pixels are.</summary>
    private static double Correlation(FaceSample left, FaceSample right)
    {
        if (left.Side != right.Side) return 0;
        var n = (double)left.Pixels.Length;
        double sumLeft = 0, sumRight = 0, squaresLeft = 0, squaresRight = 0, products = 0;
        for (var index = 0; index < left.Pixels.Length; index++)
        {
            var (a, b) = ((double)left.Pixels[index], (double)right.Pixels[index]);
            sumLeft += a;
            sumRight += b;
            squaresLeft += a * a;
            squaresRight += b * b;
            products += a * b;
        }

        var (varianceLeft, varianceRight) = (squaresLeft - sumLeft * sumLeft / n, squaresRight - sumRight * sumRight / n);
        if (varianceLeft <= 0 || varianceRight <= 0) return left.Pixels.AsSpan().SequenceEqual(right.Pixels) ? 1 : 0;
        return (products - sumLeft * sumRight / n) / Math.Sqrt(varianceLeft * varianceRight);
    }
}
