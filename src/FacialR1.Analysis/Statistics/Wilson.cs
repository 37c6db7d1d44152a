namespace FacialR1.Analysis.Statistics;

/// <summary>Score interval of a rate (Wilson 1927): stays inside [0, 1] and keeps its width at 0 and n successes.</summary>
public static class Wilson
{
    /// <summary>The normal quantile of a 95% interval.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>Interval of successes / trials; null without trials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative numbers, or more successes than trials.</exception>
    public static Interval? Interval(int successes, int trials, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0) return null;

        double n = trials, rate = successes / n, zz = z * z;
        var centre = (rate + zz / (2 * n)) / (1 + zz / n);
        var half = z * Math.Sqrt(rate * (1 - rate) / n + zz / (4 * n * n)) / (1 + zz / n);
        // At 0 and n successes the end is exact; the formula misses it by a rounding error.
        return new Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }
}
