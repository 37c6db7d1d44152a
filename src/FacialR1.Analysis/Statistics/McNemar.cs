namespace FacialR1.Analysis.Statistics;

/// <summary>Compares two models that answered the same samples, by the samples only one of them got right (McNemar 1947).</summary>
public static class McNemar
{
    /// <summary>Exact two-sided p: how likely a split at least this uneven is when both are equally good. 1 without discordant samples.</summary>
    /// <param name="onlyFirst">Samples only the first got right.</param>
    /// <param name="onlySecond">Samples only the second got right.</param>
    public static double ExactP(int onlyFirst, int onlySecond)
    {
        var (lower, _) = LowerTail(onlyFirst, onlySecond);
        return Math.Min(1, 2 * lower);
    }

    /// <summary>The exact p with only half of the observed split's own probability: closer to its nominal level, no longer conservative.</summary>
    /// <inheritdoc cref="ExactP"/>
    public static double MidP(int onlyFirst, int onlySecond)
    {
        var (lower, observed) = LowerTail(onlyFirst, onlySecond);
        return Math.Min(1, 2 * lower - observed);
    }

    /// <summary>Normal interval of the difference in accuracy, first minus second, from paired differences; null below two samples.</summary>
    /// <param name="onlyFirst">Samples only the first got right.</param>
    /// <param name="onlySecond">Samples only the second got right.</param>
    /// <param name="samples">All samples, the concordant ones included.</param>
    /// <param name="z">Normal quantile, 95% by default.</param>
    public static Interval? DifferenceInterval(int onlyFirst, int onlySecond, int samples, double z = Wilson.Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, onlyFirst + onlySecond);
        if (samples < 2) return null;
        double n = samples, sum = onlyFirst - onlySecond;
        var variance = (onlyFirst + onlySecond - sum * sum / n) / (n - 1);
        var half = z * Math.Sqrt(variance / n);
        return new Interval(sum / n - half, sum / n + half);
    }

    /// <summary>P(X ≤ min) and P(X = min) for X ~ Binomial(b + c, ½), in logarithms so that thousands of samples do not underflow.</summary>
    private static (double Lower, double Observed) LowerTail(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var n = onlyFirst + onlySecond;
        var least = Math.Min(onlyFirst, onlySecond);
        var logTerm = -n * Math.Log(2);
        double lower = 0, term = 0;
        for (var i = 0; i <= least; i++)
        {
            term = Math.Exp(logTerm);
            lower += term;
            logTerm += Math.Log((double)(n - i) / (i + 1));
        }
        return (lower, term);
    }
}
