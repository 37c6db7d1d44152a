namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>
/// A growing list of numbers that knows the extremes of every aligned block of 16, 32, 64, … of them, so that a chart of any length is drawn from
/// as many points as it has room for and no spike is lost. Blocks are completed when asked for, each once: appending costs nothing extra.
/// </summary>
public sealed class MinMaxSeries
{
    private const int SmallestBlock = 16;
    private readonly List<double> values = [];
    // levels[k] holds, for every complete block of SmallestBlock << k, where its lowest and its highest value stand.
    private readonly List<List<(int Lowest, int Highest)>> levels = [];

    public int Count => values.Count;

    public double this[int index] => values[index];

    /// <exception cref="ArgumentException">Not a finite number: a chart cannot show it, so the caller decides what its absence means.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"{value} is not a finite number.", nameof(value));
        values.Add(value);
    }

    /// <summary>Keeps the first <paramref name="count"/> values.</summary>
    public void Truncate(int count)
    {
        if (count >= values.Count) return;
        values.RemoveRange(count, values.Count - count);
        for (var level = 0; level < levels.Count; level++)
        {
            var whole = count / (SmallestBlock << level);
            if (levels[level].Count > whole) levels[level].RemoveRange(whole, levels[level].Count - whole);
        }
    }

    /// <summary>Where to draw points for the values from <paramref name="start"/> up to <paramref name="end"/> (excluded).</summary>
    /// <returns>Ascending indices: the first, the last, and the lowest and highest of each block; all of them where there is room.
    /// At most 2 · (<paramref name="blocks"/> + 3).</returns>
    public IReadOnlyList<int> Sample(int start, int end, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        (start, end) = (Math.Max(0, start), Math.Min(end, values.Count));
        var count = end - start;
        if (count <= 0) return [];
        if (count <= 2 * blocks) return [.. Enumerable.Range(start, count)];

        var size = 1;
        while ((long)size * blocks < count) size *= 2;
        var level = size < SmallestBlock ? -1 : System.Numerics.BitOperations.Log2((uint)(size / SmallestBlock));
        Complete(level);

        var chosen = new List<int>(2 * blocks + 6) { start };
        for (var block = start / size; block * size < end; block++)
        {
            var (from, to) = (Math.Max(start, block * size), Math.Min(end, (block + 1) * size));
            var isWhole = to - from == size;
            var (lowest, highest) = isWhole && level >= 0 ? levels[level][block] : Extremes(from, to);
            Put(Math.Min(lowest, highest));
            Put(Math.Max(lowest, highest));
        }
        Put(end - 1);
        return chosen;

        void Put(int index)
        {
            if (index > chosen[^1]) chosen.Add(index);
        }
    }

    private void Complete(int upTo)
    {
        for (var level = 0; level <= upTo; level++)
        {
            if (levels.Count == level) levels.Add([]);
            var (blocks, size) = (levels[level], SmallestBlock << level);
            for (var block = blocks.Count; (block + 1) * size <= values.Count; block++)
                blocks.Add(level == 0 ? Extremes(block * size, (block + 1) * size) : Merge(levels[level - 1][2 * block], levels[level - 1][2 * block + 1]));
        }
    }

    private (int Lowest, int Highest) Merge((int Lowest, int Highest) left, (int Lowest, int Highest) right) =>
        (values[right.Lowest] < values[left.Lowest] ? right.Lowest : left.Lowest, values[right.Highest] > values[left.Highest] ? right.Highest : left.Highest);

    private (int Lowest, int Highest) Extremes(int from, int to)
    {
        var (lowest, highest) = (from, from);
        for (var index = from + 1; index < to; index++)
        {
            if (values[index] < values[lowest]) lowest = index;
            if (values[index] > values[highest]) highest = index;
        }
        return (lowest, highest);
    }
}
