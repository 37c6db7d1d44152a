namespace FacialR1.VisionLanguage.Probing;

/// <summary>How much each patch of a face adds to the log-probability of some words, by integrated gradients (Sundararajan et al. 2017).</summary>
/// <param name="Rows">Patches from top to bottom.</param>
/// <param name="Columns">Patches from left to right.</param>
/// <param name="Values">Row by row, in nats; above 0 the patch speaks for the words. Their sum is nearly <paramref name="LogProbability"/> − <paramref name="Baseline"/>.</param>
/// <param name="LogProbability">Of the words before the face.</param>
/// <param name="Baseline">Of the words before a picture in the mean colour of the face, from which the path starts.</param>
/// <param name="Steps">Points on the path from there to the face.</param>
public sealed record PatchAttribution(int Rows, int Columns, IReadOnlyList<double> Values, double LogProbability, double Baseline, int Steps)
{
    /// <summary>The same with at most so many rows and columns: neighbours are added up.</summary>
    public PatchAttribution Coarser(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var (rows, columns) = (Math.Min(Rows, most), Math.Min(Columns, most));
        var sums = new double[rows * columns];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                sums[row * rows / Rows * columns + column * columns / Columns] += Values[row * Columns + column];
        return this with { Rows = rows, Columns = columns, Values = sums };
    }
}
