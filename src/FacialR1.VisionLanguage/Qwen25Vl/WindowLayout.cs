using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>In which order the merge cells of some images are processed so that each attention window is contiguous, and where windows and images end.</summary>
/// <param name="CellOrder">A permutation of merge cells: position in window order → number in row order (the reference's <c>window_index</c>).</param>
/// <param name="WindowEnds">Window boundaries in patches, from 0 (the reference's <c>cu_window_seqlens</c>).</param>
/// <param name="ImageEnds">Boundaries of frames in patches, from 0.</param>
public sealed record WindowLayout(long[] CellOrder, int[] WindowEnds, int[] ImageEnds)
{
    /// <summary>Windows are enumerated row by row, and the cells of a window row by row; windows at the border are cut, not padded.</summary>
    public static WindowLayout Of(IReadOnlyList<PatchGrid> grids, VisionOptions options)
    {
        var (merge, window) = (options.MergeSize, options.WindowSize / options.PatchSize / options.MergeSize);
        List<long> order = [];
        List<int> windowEnds = [0], imageEnds = [0];
        var firstCell = 0;
        foreach (var grid in grids)
        {
            var (rows, columns) = (grid.Height / merge, grid.Width / merge);
            for (var frame = 0; frame < grid.Time; frame++, firstCell += rows * columns)
            {
                for (var top = 0; top < rows; top += window)
                for (var left = 0; left < columns; left += window)
                {
                    for (var row = top; row < Math.Min(top + window, rows); row++)
                    for (var column = left; column < Math.Min(left + window, columns); column++)
                        order.Add(firstCell + row * columns + column);
                    windowEnds.Add(order.Count * merge * merge);
                }

                imageEnds.Add(imageEnds[^1] + grid.Height * grid.Width);
            }
        }

        return new WindowLayout([.. order], [.. windowEnds], [.. imageEnds]);
    }

    /// <summary>Row and column of every patch in merge-cell order (before windows are applied), for the rotary angles.</summary>
    public static (long[] Rows, long[] Columns) PatchPositions(IReadOnlyList<PatchGrid> grids, int mergeSize)
    {
        var rows = new List<long>();
        var columns = new List<long>();
        foreach (var grid in grids)
            for (var frame = 0; frame < grid.Time; frame++)
                for (var row = 0; row < grid.Height; row += mergeSize)
                for (var column = 0; column < grid.Width; column += mergeSize)
                    for (var inner = 0; inner < mergeSize * mergeSize; inner++)
                    {
                        rows.Add(row + inner / mergeSize);
                        columns.Add(column + inner % mergeSize);
                    }

        return ([.. rows], [.. columns]);
    }
}
