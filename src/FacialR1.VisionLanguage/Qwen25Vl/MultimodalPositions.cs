using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Where each token of one sequence stands in time, height and width (M-RoPE), padding removed.</summary>
/// <param name="Time">[n]; likewise <paramref name="Height"/> and <paramref name="Width"/>.</param>
/// <param name="Delta">A token generated at index k stands at k + delta on all three axes.</param>
public sealed record MultimodalPositions(long[] Time, long[] Height, long[] Width, long Delta)
{
    /// <summary>Text counts on; the cells of an image share one time and spread over rows and columns; after an image counting goes on past its longer side.</summary>
    /// <param name="ids">Token ids with one placeholder per visual token.</param>
    /// <param name="grids">One per image, in the order of the placeholders.</param>
    /// <exception cref="ArgumentException">Placeholders and grids do not match.</exception>
    public static MultimodalPositions Of(IReadOnlyList<int> ids, IReadOnlyList<PatchGrid> grids, int imageToken, int mergeSize)
    {
        var (time, height, width) = (new long[ids.Count], new long[ids.Count], new long[ids.Count]);
        long next = 0;
        var image = 0;
        for (var index = 0; index < ids.Count;)
        {
            if (ids[index] != imageToken)
            {
                (time[index], height[index], width[index]) = (next, next, next);
                next++;
                index++;
                continue;
            }

            if (image == grids.Count) throw new ArgumentException($"There are more image placeholders than the {grids.Count} images.", nameof(grids));
            var grid = grids[image++];
            var (rows, columns) = (grid.Height / mergeSize, grid.Width / mergeSize);
            for (var cell = 0; cell < grid.Time * rows * columns; cell++, index++)
            {
                if (index >= ids.Count || ids[index] != imageToken)
                    throw new ArgumentException($"Image {image} needs {grid.Tokens(mergeSize)} placeholders, {cell} came.", nameof(ids));
                time[index] = next + cell / (rows * columns);
                height[index] = next + cell / columns % rows;
                width[index] = next + cell % columns;
            }

            next += Math.Max(grid.Time, Math.Max(rows, columns));
        }

        if (image != grids.Count) throw new ArgumentException($"{grids.Count} images came, the ids have placeholders for {image}.", nameof(grids));
        return new MultimodalPositions(time, height, width, next - ids.Count);
    }
}
