namespace FacialR1.Analysis.Statistics;

/// <summary>How often each row was drawn in each resample of a batch, as the weights of <see cref="WeightedSums"/>.</summary>
internal sealed class DrawnRows(int rows)
{
    /// <summary>Resamples that one pass over the rows adds up.</summary>
    public const int GroupSize = 4;

    /// <summary>Resamples of a batch: enough that cells read once are used often.</summary>
    public const int MostResamples = 32;

    private readonly int[] drawn = new int[rows];
    private readonly int[][] counts = [.. Enumerable.Range(0, GroupSize).Select(_ => new int[rows])];

    /// <summary>Resamples drawn last.</summary>
    public int Resamples { get; private set; }

    /// <summary>[group][row][resample of the group]; whole numbers, exact far beyond any number of rows.</summary>
    public float[] Single { get; } = new float[rows * MostResamples];

    /// <summary>The same numbers.</summary>
    public double[] Double { get; } = new double[rows * MostResamples];

    /// <summary>Draws as many rows as there are, with replacement, for each resample in turn.</summary>
    public void Draw(Pcg32 random, int resamples)
    {
        Resamples = resamples;
        for (var group = 0; group < MostResamples / GroupSize; group++)
        {
            // Counted apart and then woven together: increments all over the large arrays would miss the cache.
            for (var lane = 0; lane < GroupSize; lane++)
            {
                var own = counts[lane];
                Array.Clear(own);
                if (group * GroupSize + lane >= resamples) continue;
                random.Fill(drawn, rows);
                foreach (var row in drawn) own[row]++;
            }
            Weave(Single.AsSpan(group * GroupSize * rows, GroupSize * rows));
        }
        for (var at = 0; at < Double.Length; at++) Double[at] = Single[at];
    }

    private void Weave(Span<float> weights)
    {
        ReadOnlySpan<int> first = counts[0], second = counts[1], third = counts[2], fourth = counts[3];
        for (var row = 0; row < first.Length; row++)
        {
            var own = weights.Slice(row * GroupSize, GroupSize);
            own[3] = fourth[row];
            (own[0], own[1], own[2]) = (first[row], second[row], third[row]);
        }
    }
}
