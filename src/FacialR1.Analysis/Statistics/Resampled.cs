using System.Numerics;

namespace FacialR1.Analysis.Statistics;

/// <summary>Computes measures from summed counts: one value per measure, NaN where it is not defined.</summary>
/// <param name="totals">One per column of the <see cref="CountTable"/>.</param>
/// <param name="values">To fill, one per measure.</param>
public delegate void CountMeasures(ReadOnlySpan<int> totals, Span<double> values);

/// <summary>Computes measures from summed values; see <see cref="CountMeasures"/>.</summary>
/// <param name="totals">One per column of the <see cref="ValueTable"/>.</param>
/// <param name="values">To fill, one per measure.</param>
public delegate void ValueMeasures(ReadOnlySpan<double> totals, Span<double> values);

/// <summary>Samples whose measures can be computed for any draw of them.</summary>
public abstract class Resampled
{
    private Resampled(int rows, int measures) => (Rows, Measures) = (rows, measures);

    /// <summary>Samples, or subjects when samples of one subject belong together.</summary>
    public int Rows { get; }

    /// <summary>How many values a draw gives.</summary>
    public int Measures { get; }

    /// <summary>Measures that are functions of summed counts.</summary>
    public static Resampled From(CountTable table, int measures, CountMeasures compute)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(compute);
        return new Counts(table, measures, compute);
    }

    /// <summary>Measures that are functions of summed values.</summary>
    public static Resampled From(ValueTable table, int measures, ValueMeasures compute)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(compute);
        return new Values(table, measures, compute);
    }

    /// <summary>The measures of this, then those of the other, over the same samples.</summary>
    /// <exception cref="ArgumentException">The number of rows differs.</exception>
    public Resampled With(Resampled other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Rows != Rows) throw new ArgumentException($"{Rows} and {other.Rows} rows are not the same samples.", nameof(other));
        return new Joined(this, other);
    }

    /// <summary>The measures of all samples, each once.</summary>
    public abstract double[] Observed();

    /// <summary>Every measure without each sample in turn: [measure][row].</summary>
    public abstract double[][] WithoutEach();

    /// <summary>Takes a batch of draws, to be read one by one. Not for use from two threads at once.</summary>
    internal abstract void Sum(DrawnRows drawn);

    /// <summary>The measures of one resample of the batch.</summary>
    internal abstract void Compute(int resample, Span<double> values);

    /// <param name="all">Totals of all rows.</param>
    private double[][] WithoutEach<T>(T[] all, Func<int, Span<T>> own, Action<T[], double[]> compute) where T : INumber<T>
    {
        var (rest, values) = (new T[all.Length], new double[Measures]);
        double[][] result = [.. Enumerable.Range(0, Measures).Select(_ => new double[Rows])];
        for (var row = 0; row < Rows; row++)
        {
            var without = own(row);
            for (var column = 0; column < rest.Length; column++) rest[column] = all[column] - without[column];
            compute(rest, values);
            for (var measure = 0; measure < values.Length; measure++) result[measure][row] = values[measure];
        }
        return result;
    }

    private sealed class Counts(CountTable table, int measures, CountMeasures compute) : Resampled(table.Rows, measures)
    {
        private readonly int[] totals = new int[table.Columns];
        private CountTable.Sums? sums;

        public override double[] Observed()
        {
            var values = new double[Measures];
            compute(table.Totals(), values);
            return values;
        }

        public override double[][] WithoutEach() => WithoutEach(table.Totals(), row => table[row], (rest, values) => compute(rest, values));

        internal override void Sum(DrawnRows drawn) => (sums ??= table.Prepare()).Of(drawn);

        internal override void Compute(int resample, Span<double> values)
        {
            sums!.Read(resample, totals);
            compute(totals, values);
        }
    }

    private sealed class Values(ValueTable table, int measures, ValueMeasures compute) : Resampled(table.Rows, measures)
    {
        private ValueTable.Sums? sums;

        public override double[] Observed()
        {
            var values = new double[Measures];
            compute(table.Totals(), values);
            return values;
        }

        public override double[][] WithoutEach() => WithoutEach(table.Totals(), row => table[row], (rest, values) => compute(rest, values));

        internal override void Sum(DrawnRows drawn) => (sums ??= table.Prepare()).Of(drawn);

        internal override void Compute(int resample, Span<double> values) => compute(sums!.Read(resample), values);
    }

    private sealed class Joined(Resampled first, Resampled second) : Resampled(first.Rows, first.Measures + second.Measures)
    {
        public override double[] Observed() => [.. first.Observed(), .. second.Observed()];

        public override double[][] WithoutEach() => [.. first.WithoutEach(), .. second.WithoutEach()];

        internal override void Sum(DrawnRows drawn)
        {
            first.Sum(drawn);
            second.Sum(drawn);
        }

        internal override void Compute(int resample, Span<double> values)
        {
            first.Compute(resample, values[..first.Measures]);
            second.Compute(resample, values[first.Measures..]);
        }
    }
}
