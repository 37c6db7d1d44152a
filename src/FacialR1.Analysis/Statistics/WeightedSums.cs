using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FacialR1.Analysis.Statistics;

/// <summary>
/// The sums of a table's columns for many resamples at once: how often each row was drawn, times the row. That is a matrix product, so rows stay in the
/// nearest cache while all resamples of a batch use them; drawing rows one by one would fetch each from memory again and again.
/// </summary>
internal static class WeightedSums
{
    private const int RowsAtOnce = 256;   // 16 KB of cells and 4 KB of weights: both stay in the first cache

    /// <summary>Columns are padded to this many, so that two vectors fill a block.</summary>
    public static int Padded<T>(int columns) where T : struct => (columns + 2 * Vector<T>.Count - 1) / (2 * Vector<T>.Count) * 2 * Vector<T>.Count;

    /// <summary>Cells in blocks of two vectors: [block][row][column of the block].</summary>
    public static T[] Blocks<T>(int rows, int columns, Func<int, int, T> cell) where T : struct
    {
        var width = 2 * Vector<T>.Count;
        var blocks = new T[rows * Padded<T>(columns)];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) blocks[(column / width * rows + row) * width + column % width] = cell(row, column);
        return blocks;
    }

    /// <summary>Fills <paramref name="sums"/>.</summary>
    /// <param name="blocks">From <see cref="Blocks"/>.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="weights">How often each row counts: [group][row][resample of the group].</param>
    /// <param name="sums">[resample][padded column].</param>
    public static void Of<T>(T[] blocks, int rows, T[] weights, T[] sums) where T : struct
    {
        Array.Clear(sums);
        if (rows == 0) return;
        var vector = Vector<T>.Count;
        var (width, stride) = (2 * vector, blocks.Length / rows);
        var groups = weights.Length / (rows * DrawnRows.GroupSize);
        ref var cell = ref MemoryMarshal.GetArrayDataReference(blocks);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        for (var start = 0; start < rows; start += RowsAtOnce)
        {
            var end = Math.Min(start + RowsAtOnce, rows);
            for (var block = 0; block < stride / width; block++)
                for (var group = 0; group < groups; group++)
                {
                    var at = group * DrawnRows.GroupSize * stride + block * width;
                    var (a0, b0) = (Vector.LoadUnsafe(ref sum, (nuint)at), Vector.LoadUnsafe(ref sum, (nuint)(at + vector)));
                    var (a1, b1) = (Vector.LoadUnsafe(ref sum, (nuint)(at + stride)), Vector.LoadUnsafe(ref sum, (nuint)(at + stride + vector)));
                    var (a2, b2) = (Vector.LoadUnsafe(ref sum, (nuint)(at + 2 * stride)), Vector.LoadUnsafe(ref sum, (nuint)(at + 2 * stride + vector)));
                    var (a3, b3) = (Vector.LoadUnsafe(ref sum, (nuint)(at + 3 * stride)), Vector.LoadUnsafe(ref sum, (nuint)(at + 3 * stride + vector)));
                    var (from, times) = ((nuint)((block * rows + start) * width), (nuint)((group * rows + start) * DrawnRows.GroupSize));
                    for (var row = start; row < end; row++, from += (nuint)width, times += DrawnRows.GroupSize)
                    {
                        var (left, right) = (Vector.LoadUnsafe(ref cell, from), Vector.LoadUnsafe(ref cell, from + (nuint)vector));
                        var w = new Vector<T>(Unsafe.Add(ref weight, times));
                        a0 = Add(a0, w, left);
                        b0 = Add(b0, w, right);
                        w = new Vector<T>(Unsafe.Add(ref weight, times + 1));
                        a1 = Add(a1, w, left);
                        b1 = Add(b1, w, right);
                        w = new Vector<T>(Unsafe.Add(ref weight, times + 2));
                        a2 = Add(a2, w, left);
                        b2 = Add(b2, w, right);
                        w = new Vector<T>(Unsafe.Add(ref weight, times + 3));
                        a3 = Add(a3, w, left);
                        b3 = Add(b3, w, right);
                    }

                    a0.StoreUnsafe(ref sum, (nuint)at);
                    b0.StoreUnsafe(ref sum, (nuint)(at + vector));
                    a1.StoreUnsafe(ref sum, (nuint)(at + stride));
                    b1.StoreUnsafe(ref sum, (nuint)(at + stride + vector));
                    a2.StoreUnsafe(ref sum, (nuint)(at + 2 * stride));
                    b2.StoreUnsafe(ref sum, (nuint)(at + 2 * stride + vector));
                    a3.StoreUnsafe(ref sum, (nuint)(at + 3 * stride));
                    b3.StoreUnsafe(ref sum, (nuint)(at + 3 * stride + vector));
                }
        }
    }

    /// <summary>sum + weight · cell, rounded once: the same on every machine, and one instruction where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Add<T>(Vector<T> sum, Vector<T> weight, Vector<T> cell) where T : struct =>
        typeof(T) == typeof(float) ? Vector.As<float, T>(Vector.FusedMultiplyAdd(Vector.AsVectorSingle(weight), Vector.AsVectorSingle(cell), Vector.AsVectorSingle(sum)))
        : typeof(T) == typeof(double) ? Vector.As<double, T>(Vector.FusedMultiplyAdd(Vector.AsVectorDouble(weight), Vector.AsVectorDouble(cell), Vector.AsVectorDouble(sum)))
        : sum + weight * cell;
}
