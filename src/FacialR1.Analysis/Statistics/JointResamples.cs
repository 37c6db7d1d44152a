namespace FacialR1.Analysis.Statistics;

/// <summary>The measures of several models over the same resamples, so that differences between any two of them are paired.</summary>
public sealed class JointResamples
{
    private readonly double[][][] values;   // [side][measure][resample]
    private readonly Lazy<double[]>[] observed;   // [side][measure]
    private readonly Lazy<double[][]>[] withoutEach;   // [side][measure][row]

    internal JointResamples(IReadOnlyList<Resampled> sides, double[][][] values)
    {
        this.values = values;
        observed = [.. sides.Select(side => new Lazy<double[]>(side.Observed))];
        withoutEach = [.. sides.Select(side => new Lazy<double[][]>(side.WithoutEach))];
    }

    /// <summary>How one measure of one side varies.</summary>
    public BootstrapDistribution Of(int side, int measure) => new(values[side][measure]);

    /// <summary>How measure(<paramref name="later"/>) − measure(<paramref name="earlier"/>) varies; a resample in which either is undefined does not count.</summary>
    public BootstrapDistribution Difference(int earlier, int later, int measure) => new(Minus(values[later][measure], values[earlier][measure]));

    /// <summary>95% interval of one measure of one side; null when it was never defined. Where BCa is not defined, the percentile interval.</summary>
    public Interval? IntervalOf(int side, int measure, IntervalKind kind = IntervalKind.Percentile)
    {
        var distribution = Of(side, measure);
        return kind == IntervalKind.Bca && distribution.BcaInterval(observed[side].Value[measure], Jackknife.Acceleration(withoutEach[side].Value[measure])) is { } corrected
            ? corrected : distribution.Interval();
    }

    /// <summary>Paired 95% interval of measure(<paramref name="later"/>) − measure(<paramref name="earlier"/>); see <see cref="IntervalOf"/>.</summary>
    public Interval? DifferenceInterval(int earlier, int later, int measure, IntervalKind kind = IntervalKind.Percentile)
    {
        var distribution = Difference(earlier, later, measure);
        if (kind != IntervalKind.Bca) return distribution.Interval();
        var acceleration = Jackknife.Acceleration(Minus(withoutEach[later].Value[measure], withoutEach[earlier].Value[measure]));
        return distribution.BcaInterval(observed[later].Value[measure] - observed[earlier].Value[measure], acceleration) ?? distribution.Interval();
    }

    private static double[] Minus(double[] from, double[] what)
    {
        var differences = new double[from.Length];
        for (var index = 0; index < differences.Length; index++) differences[index] = from[index] - what[index];
        return differences;
    }
}
