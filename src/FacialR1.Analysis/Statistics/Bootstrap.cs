namespace FacialR1.Analysis.Statistics;

/// <summary>Computes measures from summed counts: one value per measure, NaN where it is not defined.</summary>
/// <param name="totals">One per column of the <see cref="CountTable"/>.</param>
/// <param name="values">To fill, one per measure.</param>
public delegate void CountMeasures(ReadOnlySpan<int> totals, Span<double> values);

/// <summary>Computes one measure when sample i counts <c>multiplicities[i]</c> times; null where it is not defined.</summary>
public delegate double? WeightedMeasure(ReadOnlySpan<int> multiplicities);

/// <summary>Resamples with replacement (Efron 1979), the same for the same generator state on every machine.</summary>
public static class Bootstrap
{
    /// <summary>Enough for the second digit of a 95% interval to stand still.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>Distributions of several measures over the same resamples.</summary>
    /// <param name="table">Counts per sample.</param>
    /// <param name="measures">How many values <paramref name="compute"/> fills.</param>
    /// <param name="compute">From summed counts to measures.</param>
    /// <param name="random">Moves on by rows × resamples numbers or a few more.</param>
    /// <param name="resamples">How often to draw.</param>
    /// <returns>One distribution per measure; empty ones when there are no samples.</returns>
    public static IReadOnlyList<BootstrapDistribution> Resample(
        CountTable table, int measures, CountMeasures compute, Pcg32 random, int resamples = DefaultResamples) => Draw([table], measures, compute, random, resamples);

    /// <summary>Distributions of measure(a) − measure(b) when both saw the same samples: each resample draws the same rows of both.</summary>
    /// <exception cref="ArgumentException">The tables differ in their number of rows or columns.</exception>
    public static IReadOnlyList<BootstrapDistribution> ResampleDifferences(
        CountTable a, CountTable b, int measures, CountMeasures compute, Pcg32 random, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rows != b.Rows || a.Columns != b.Columns)
            throw new ArgumentException($"A paired comparison needs the same samples on both sides: {a.Rows} × {a.Columns} against {b.Rows} × {b.Columns}. Keep the common sample ids.", nameof(b));
        return Draw([a, b], measures, compute, random, resamples);
    }

    /// <summary>Distribution of any measure that can be computed with repeated samples; slower than counts.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="measure">Gets how often each sample was drawn; the numbers sum to <paramref name="samples"/>.</param>
    /// <param name="random">Moves on by samples × resamples numbers or a few more.</param>
    /// <param name="resamples">How often to draw.</param>
    public static BootstrapDistribution Resample(int samples, WeightedMeasure measure, Pcg32 random, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (samples == 0) return new BootstrapDistribution([]);
        var values = new double[resamples];
        var multiplicities = new int[samples];
        for (var resample = 0; resample < resamples; resample++)
        {
            Array.Clear(multiplicities);
            for (var draw = 0; draw < samples; draw++) multiplicities[random.NextInt(samples)]++;
            values[resample] = measure(multiplicities) ?? double.NaN;
        }
        return new BootstrapDistribution(values);
    }

    private static BootstrapDistribution[] Draw(CountTable[] sides, int measures, CountMeasures compute, Pcg32 random, int resamples)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(measures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var rows = sides[0].Rows;
        if (rows == 0) return [.. Enumerable.Range(0, measures).Select(_ => new BootstrapDistribution([]))];

        var results = new double[measures][];
        for (var measure = 0; measure < measures; measure++) results[measure] = new double[resamples];
        var drawn = new int[rows];
        var totals = sides[0].TotalsBuffer();
        var values = new double[measures];
        for (var resample = 0; resample < resamples; resample++)
        {
            for (var draw = 0; draw < rows; draw++) drawn[draw] = random.NextInt(rows);
            for (var side = 0; side < sides.Length; side++)
            {
                sides[side].Sum(drawn, totals);
                compute(totals.AsSpan(0, sides[side].Columns), values);
                for (var measure = 0; measure < measures; measure++)
                    results[measure][resample] = side == 0 ? values[measure] : results[measure][resample] - values[measure];
            }
        }
        return [.. results.Select(result => new BootstrapDistribution(result))];
    }
}
