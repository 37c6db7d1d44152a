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
    public double[] Observed()
    {
        var values = new double[Measures];
        Compute([.. Enumerable.Range(0, Rows)], values);
        return values;
    }

    /// <summary>The measures of the drawn rows. Not for use from two threads at once.</summary>
    internal abstract void Compute(ReadOnlySpan<int> drawn, Span<double> values);

    private sealed class Counts(CountTable table, int measures, CountMeasures compute) : Resampled(table.Rows, measures)
    {
        private readonly int[] totals = table.TotalsBuffer();

        internal override void Compute(ReadOnlySpan<int> drawn, Span<double> values)
        {
            table.Sum(drawn, totals);
            compute(totals.AsSpan(0, table.Columns), values);
        }
    }

    private sealed class Values(ValueTable table, int measures, ValueMeasures compute) : Resampled(table.Rows, measures)
    {
        private readonly double[] totals = table.TotalsBuffer();

        internal override void Compute(ReadOnlySpan<int> drawn, Span<double> values)
        {
            table.Sum(drawn, totals);
            compute(totals.AsSpan(0, table.Columns), values);
        }
    }

    private sealed class Joined(Resampled first, Resampled second) : Resampled(first.Rows, first.Measures + second.Measures)
    {
        internal override void Compute(ReadOnlySpan<int> drawn, Span<double> values)
        {
            first.Compute(drawn, values[..first.Measures]);
            second.Compute(drawn, values[first.Measures..]);
        }
    }
}
