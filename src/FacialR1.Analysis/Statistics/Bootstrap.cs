namespace FacialR1.Analysis.Statistics;

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
        CountTable table, int measures, CountMeasures compute, Pcg32 random, int resamples = DefaultResamples)
    {
        var joint = Resample([Resampled.From(table, measures, compute)], random, resamples);
        return [.. Enumerable.Range(0, measures).Select(measure => joint.Of(0, measure))];
    }

    /// <summary>Distributions of measure(a) − measure(b) when both saw the same samples: each resample draws the same rows of both.</summary>
    /// <exception cref="ArgumentException">The tables differ in their number of rows or columns.</exception>
    public static IReadOnlyList<BootstrapDistribution> ResampleDifferences(
        CountTable a, CountTable b, int measures, CountMeasures compute, Pcg32 random, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Columns != b.Columns) throw new ArgumentException($"A paired comparison needs the same counts on both sides: {a.Columns} against {b.Columns} columns.", nameof(b));
        var joint = Resample([Resampled.From(a, measures, compute), Resampled.From(b, measures, compute)], random, resamples);
        return [.. Enumerable.Range(0, measures).Select(measure => joint.Difference(earlier: 1, later: 0, measure))];
    }

    /// <summary>Measures several models over the same resamples.</summary>
    /// <param name="sides">The same samples in the same order, once per model.</param>
    /// <param name="random">Moves on by rows × resamples numbers or a few more, however many sides there are.</param>
    /// <param name="resamples">How often to draw.</param>
    /// <param name="cancellationToken">Checked between resamples.</param>
    /// <exception cref="ArgumentException">No sides, or sides with different samples or measures.</exception>
    public static JointResamples Resample(IReadOnlyList<Resampled> sides, Pcg32 random, int resamples = DefaultResamples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sides);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (sides.Count == 0) throw new ArgumentException("There is nothing to resample.", nameof(sides));
        var (rows, measures) = (sides[0].Rows, sides[0].Measures);
        ArgumentOutOfRangeException.ThrowIfLessThan(measures, 1, nameof(sides));
        if (sides.FirstOrDefault(side => side.Rows != rows || side.Measures != measures) is { } odd)
            throw new ArgumentException($"A paired comparison needs the same samples on all sides: {rows} × {measures} against {odd.Rows} × {odd.Measures}. Keep the common sample ids.", nameof(sides));

        var results = new double[sides.Count][][];
        for (var side = 0; side < sides.Count; side++)
        {
            results[side] = new double[measures][];
            for (var measure = 0; measure < measures; measure++) results[side][measure] = new double[rows == 0 ? 0 : resamples];
        }
        if (rows == 0) return new JointResamples(sides, results);

        var values = new double[measures];
        var (drawn, next) = (new DrawnRows(rows), new DrawnRows(rows));
        drawn.Draw(random, Math.Min(DrawnRows.MostResamples, resamples));
        for (var done = 0; done < resamples; done += DrawnRows.MostResamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The next batch is drawn while this one is summed: the numbers stay those of one generator in one order.
            var (free, left) = (next, Math.Min(DrawnRows.MostResamples, resamples - done - DrawnRows.MostResamples));
            var drawing = left > 0 ? Task.Run(() => free.Draw(random, left), CancellationToken.None) : Task.CompletedTask;
            for (var side = 0; side < sides.Count; side++)
            {
                sides[side].Sum(drawn);
                for (var resample = 0; resample < drawn.Resamples; resample++)
                {
                    sides[side].Compute(resample, values);
                    for (var measure = 0; measure < measures; measure++) results[side][measure][done + resample] = values[measure];
                }
            }
            drawing.GetAwaiter().GetResult();
            (drawn, next) = (next, drawn);
        }
        return new JointResamples(sides, results);
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
}
