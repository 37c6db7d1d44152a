namespace FacialR1.Analysis.Statistics;

/// <summary>Fisher's exact test: could two rates of independent samples be the same? (Fisher 1934)</summary>
public static class FisherExact
{
    // Tables as likely as the observed one must not be lost to rounding.
    private const double Tie = 1e-7;

    /// <summary>Two-sided p: the probability of all tables with these margins that are no likelier than the one observed; 1 when a margin is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative numbers, or more hits than samples.</exception>
    public static double TwoSidedP(int hits, int samples, int otherHits, int otherSamples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfNegative(otherHits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(otherHits, otherSamples);
        double all = hits + otherHits, n = samples, m = otherSamples;
        var (low, high) = ((int)Math.Max(0, all - m), (int)Math.Min(n, all));
        if (low == high) return 1;

        // Logarithms relative to the observed table, by the ratio of neighbours; the observed one may be too unlikely for its probability to be a number.
        var logs = new double[high - low + 1];
        for (var k = hits; k < high; k++) logs[k + 1 - low] = logs[k - low] + Math.Log((n - k) * (all - k) / ((k + 1) * (m - all + k + 1)));
        for (var k = hits; k > low; k--) logs[k - 1 - low] = logs[k - low] - Math.Log((n - k + 1) * (all - k + 1) / (k * (m - all + k)));
        var highest = logs.Max();
        var (whole, tail) = (0.0, 0.0);
        foreach (var log in logs)
        {
            var weight = Math.Exp(log - highest);
            whole += weight;
            if (log <= Tie) tail += weight;
        }

        return Math.Min(1, tail / whole);
    }
}
