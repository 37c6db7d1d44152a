namespace FacialR1.Analysis.Statistics;

/// <summary>How often each row was drawn in each resample of a batch, as the weights of <see cref="WeightedSums"/>.</summary>
internal sealed class DrawnRows(int rows)
{
    /// <summary>Resamples that one pass over the rows adds up.</summary>
    public const int GroupSize = 4;

    /// <summary>Resamples of a batch: enough that cells read once are used often.</summary>
    public const int MostResamples = 32;

    private readonly int[] drawn = new int[rows], counts = new int[rows];

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
        for (var resample = 0; resample < MostResamples; resample++)
        {
            // Counted apart and then spread out: increments all over the large arrays would miss the cache.
            Array.Clear(counts);
            if (resample < resamples)
            {
                random.Fill(drawn, rows);
                foreach (var row in drawn) counts[row]++;
            }
            var at = resample / GroupSize * rows * GroupSize + resample % GroupSize;
            for (var row = 0; row < counts.Length; row++, at += GroupSize) Double[at] = Single[at] = counts[row];
        }
    }
}
