using System.Numerics;

namespace FacialR1.Analysis.Statistics;

/// <summary>What every sample adds to the sums behind a measure that is not a count: ROUGE, Brier, the F1 of one sample. The counterpart of <see cref="CountTable"/>.</summary>
public sealed class ValueTable
{
    private readonly double[] cells;
    private readonly int stride;

    /// <param name="rows">Samples, or subjects when samples of one subject belong together.</param>
    /// <param name="columns">Values per sample.</param>
    public ValueTable(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
        stride = (columns + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        cells = new double[checked(rows * stride)];
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; }

    /// <summary>Values per sample.</summary>
    public int Columns { get; }

    /// <summary>The values of one sample, to read and to fill.</summary>
    public Span<double> this[int row] => cells.AsSpan(row * stride, Columns);

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

    /// <summary>Space for <see cref="Sum"/>.</summary>
    internal double[] TotalsBuffer() => new double[stride];

    /// <inheritdoc cref="CountTable.Sum"/>
    internal void Sum(ReadOnlySpan<int> drawn, Span<double> totals)
    {
        for (var block = 0; block < stride; block += Vector<double>.Count)
        {
            var sum = Vector<double>.Zero;
            foreach (var row in drawn) sum += new Vector<double>(cells, row * stride + block);
            sum.CopyTo(totals[block..]);
        }
    }
}
