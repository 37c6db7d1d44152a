namespace FacialR1.Analysis.Statistics;

/// <summary>
/// What every sample adds to the counts behind a measure. F1, accuracy, CHAIR and their like are functions of summed counts, so a resample is a sum of
/// rows and its measure costs nothing more.
/// </summary>
public sealed class CountTable
{
    // Floats hold whole numbers exactly up to here.
    private const long ExactInSingle = 1 << 24;

    private readonly int[] cells;

    /// <param name="rows">Samples, or subjects when samples of one subject belong together.</param>
    /// <param name="columns">Counts per sample.</param>
    public CountTable(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
        cells = new int[checked(rows * columns)];
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; }

    /// <summary>Counts per sample.</summary>
    public int Columns { get; }

    /// <summary>The counts of one sample, to read and to fill.</summary>
    public Span<int> this[int row] => cells.AsSpan(row * Columns, Columns);

    /// <summary>One row per cluster, the sum of its samples: resampling it keeps photos of one subject together.</summary>
    /// <param name="clusters">The cluster of each row, numbered from 0 without gaps.</param>
    /// <exception cref="ArgumentException">Not one cluster per row.</exception>
    public CountTable SumBy(IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        if (clusters.Count != Rows) throw new ArgumentException($"{Rows} rows need {Rows} cluster numbers, not {clusters.Count}.", nameof(clusters));
        var summed = new CountTable(Rows == 0 ? 0 : clusters.Max() + 1, Columns);
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++) summed[clusters[row]][column] += this[row][column];
        return summed;
    }

    /// <summary>The counts of all samples together.</summary>
    public int[] Totals()
    {
        var totals = new int[Columns];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++) totals[column] += this[row][column];
        return totals;
    }

    /// <summary>The table ready to be summed for many resamples. Counts added later are not seen.</summary>
    internal Sums Prepare() => new(this);

    /// <summary>Sums of a batch of resamples; not for use from two threads at once.</summary>
    internal sealed class Sums
    {
        private readonly CountTable table;
        private readonly float[]? singles, singleSums;
        private readonly double[]? doubles, doubleSums;

        public Sums(CountTable table)
        {
            this.table = table;
            var most = table.cells.Length == 0 ? 0 : table.cells.Max(cell => Math.Abs((long)cell));
            if (most * table.Rows <= ExactInSingle)
                (singles, singleSums) = (WeightedSums.Blocks(table.Rows, table.Columns, (row, column) => (float)table[row][column]), new float[DrawnRows.MostResamples * WeightedSums.Padded<float>(table.Columns)]);
            else
                (doubles, doubleSums) = (WeightedSums.Blocks(table.Rows, table.Columns, (row, column) => (double)table[row][column]), new double[DrawnRows.MostResamples * WeightedSums.Padded<double>(table.Columns)]);
        }

        public void Of(DrawnRows drawn)
        {
            if (singles is not null) WeightedSums.Of(singles, table.Rows, drawn.Single, singleSums!);
            else WeightedSums.Of(doubles!, table.Rows, drawn.Double, doubleSums!);
        }

        /// <summary>The column totals of one resample of the batch.</summary>
        public void Read(int resample, Span<int> totals)
        {
            for (var column = 0; column < totals.Length; column++)
                totals[column] = singleSums is not null ? (int)singleSums[resample * WeightedSums.Padded<float>(table.Columns) + column] : (int)doubleSums![resample * WeightedSums.Padded<double>(table.Columns) + column];
        }
    }
}
