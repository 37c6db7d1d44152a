namespace FacialR1.Analysis.Statistics;

/// <summary>Adjusts the p values of a family of comparisons (Holm 1979), so that one false alarm among all of them stays as rare as promised.</summary>
public static class Holm
{
    /// <summary>Adjusted p values in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A p value is outside [0, 1].</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        foreach (var p in pValues)
            if (!(p is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p value lies between 0 and 1.");

        var adjusted = new double[pValues.Count];
        var running = 0.0;
        var rank = 0;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            running = Math.Max(running, Math.Min(1, (pValues.Count - rank++) * pValues[index]));
            adjusted[index] = running;
        }
        return adjusted;
    }
}
