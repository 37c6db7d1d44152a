namespace FacialR1.Analysis.Statistics;

/// <summary>What every sample adds to the sums behind a measure that is not a count: ROUGE, Brier, the F1 of one sample. The counterpart of <see cref="CountTable"/>.</summary>
public sealed class ValueTable
{
    private readonly double[] cells;

    /// <param name="rows">Samples, or subjects when samples of one subject belong together.</param>
    /// <param name="columns">Values per sample.</param>
    public ValueTable(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
        cells = new double[checked(rows * columns)];
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; }

    /// <summary>Values per sample.</summary>
    public int Columns { get; }

    /// <summary>The values of one sample, to read and to fill.</summary>
    public Span<double> this[int row] => cells.AsSpan(row * Columns, Columns);

    /// <summary>One row per cluster; see <see cref="CountTable.SumBy"/>.</summary>
    /// <exception cref="ArgumentException">Not one cluster per row.</exception>
    public ValueTable SumBy(IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        if (clusters.Count != Rows) throw new ArgumentException($"{Rows} rows need {Rows} cluster numbers, not {clusters.Count}.", nameof(clusters));
        var summed = new ValueTable(Rows == 0 ? 0 : clusters.Max() + 1, Columns);
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++) summed[clusters[row]][column] += this[row][column];
        return summed;
    }

    /// <summary>The sums of all samples.</summary>
    public double[] Totals()
    {
        var totals = new double[Columns];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++) totals[column] += this[row][column];
        return totals;
    }

    /// <inheritdoc cref="CountTable.Prepare"/>
    internal Sums Prepare() => new(this);

    /// <inheritdoc cref="CountTable.Sums"/>
    internal sealed class Sums(ValueTable table)
    {
        private readonly double[] blocks = WeightedSums.Blocks(table.Rows, table.Columns, (row, column) => table[row][column]);
        private readonly double[] sums = new double[DrawnRows.MostResamples * WeightedSums.Padded<double>(table.Columns)];

        public void Of(DrawnRows drawn) => WeightedSums.Of(blocks, table.Rows, drawn.Double, sums);

        /// <summary>The column sums of one resample of the batch.</summary>
        public ReadOnlySpan<double> Read(int resample) => sums.AsSpan(resample * WeightedSums.Padded<double>(table.Columns), table.Columns);
    }
}
