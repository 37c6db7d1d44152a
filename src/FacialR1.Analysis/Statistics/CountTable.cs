using System.Numerics;

namespace FacialR1.Analysis.Statistics;

/// <summary>
/// What every sample adds to the counts behind a measure. F1, accuracy, CHAIR and their like are functions of summed counts, so a resample is a sum of
/// rows and its measure costs nothing more.
/// </summary>
public sealed class CountTable
{
    private readonly int[] cells;
    private readonly int stride;

    /// <param name="rows">Samples, or subjects when samples of one subject belong together.</param>
    /// <param name="columns">Counts per sample.</param>
    public CountTable(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
        stride = (columns + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        cells = new int[checked(rows * stride)];
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; }

    /// <summary>Counts per sample.</summary>
    public int Columns { get; }

    /// <summary>The counts of one sample, to read and to fill.</summary>
    public Span<int> this[int row] => cells.AsSpan(row * stride, Columns);

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
        var everyRow = new int[Rows];
        for (var row = 0; row < Rows; row++) everyRow[row] = row;
        var totals = new int[stride];
        Sum(everyRow, totals);
        return totals[..Columns];
    }

    /// <summary>Space for <see cref="Sum"/>.</summary>
    internal int[] TotalsBuffer() => new int[stride];

    /// <summary>Sums the drawn rows. Column blocks are the outer loop so that each block's sum stays in a register.</summary>
    /// <param name="drawn">Row numbers, repeats allowed.</param>
    /// <param name="totals">From <see cref="TotalsBuffer"/>.</param>
    internal void Sum(ReadOnlySpan<int> drawn, Span<int> totals)
    {
        for (var block = 0; block < stride; block += Vector<int>.Count)
        {
            var sum = Vector<int>.Zero;
            foreach (var row in drawn) sum += new Vector<int>(cells, row * stride + block);
            sum.CopyTo(totals[block..]);
        }
    }
}
