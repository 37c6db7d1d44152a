namespace FacialR1.Analysis.Statistics;

/// <summary>The values of one measure over many resamples.</summary>
public sealed class BootstrapDistribution
{
    private readonly double[] sorted;

    /// <param name="values">One per resample; NaN where the measure was not defined in that resample, which then does not count.</param>
    public BootstrapDistribution(IEnumerable<double> values)
    {
        sorted = [.. values.Where(value => !double.IsNaN(value))];
        Array.Sort(sorted);
    }

    /// <summary>Resamples in which the measure was defined.</summary>
    public int Count => sorted.Length;

    /// <summary>Mean over resamples; null when it was never defined.</summary>
    public double? Mean => sorted.Length == 0 ? null : sorted.Average();

    /// <summary>Percentile interval with type-7 quantiles; null when the measure was never defined.</summary>
    /// <param name="level">Coverage, 0.95 by default.</param>
    public Interval? Interval(double level = 0.95) =>
        sorted.Length == 0 ? null : new Interval(Quantiles.Type7(sorted, (1 - level) / 2), Quantiles.Type7(sorted, (1 + level) / 2));

    /// <summary>
    /// Bias-corrected and accelerated interval (Efron 1987): the percentiles Φ(z₀ + (z₀ ± z)/(1 − a(z₀ ± z))), where z₀ is the normal quantile of the share of
    /// resamples below the observed value. Resamples equal to it count half: measures of few samples take few values.
    /// </summary>
    /// <param name="observed">The measure of all samples.</param>
    /// <param name="acceleration">See <see cref="Jackknife.Acceleration"/>.</param>
    /// <param name="level">Coverage, 0.95 by default.</param>
    /// <returns>Null when the measure was never defined, or when every resample lies on one side of the observed value.</returns>
    public Interval? BcaInterval(double observed, double acceleration, double level = 0.95)
    {
        if (sorted.Length == 0 || double.IsNaN(observed)) return null;
        var below = (CountWhere(value => value < observed) + 0.5 * CountWhere(value => value == observed)) / sorted.Length;
        if (below is 0 or 1) return null;
        var bias = Normal.Quantile(below);
        double End(double probability)
        {
            var shifted = bias + Normal.Quantile(probability);
            var room = 1 - acceleration * shifted;
            return room <= 0 ? double.NaN : Quantiles.Type7(sorted, Normal.Cdf(bias + shifted / room));
        }

        var (low, high) = (End((1 - level) / 2), End((1 + level) / 2));
        return double.IsNaN(low) || double.IsNaN(high) ? null : new Interval(low, high);
    }

    /// <summary>Share of resamples at or below 0; null when the measure was never defined.</summary>
    public double? ShareAtMostZero => sorted.Length == 0 ? null : (double)CountWhere(value => value <= 0) / sorted.Length;

    /// <summary>
    /// Two-sided p of "no difference": twice the smaller tail, with one added to the numerator and the denominator so that no finite number of resamples gives 0.
    /// Null when the measure was never defined.
    /// </summary>
    public double? TwoSidedP
    {
        get
        {
            if (sorted.Length == 0) return null;
            var smallerTail = Math.Min(CountWhere(value => value <= 0), CountWhere(value => value >= 0));
            return Math.Min(1, 2.0 * (smallerTail + 1) / (sorted.Length + 1));
        }
    }

    private int CountWhere(Func<double, bool> holds) => sorted.Count(holds);
}
