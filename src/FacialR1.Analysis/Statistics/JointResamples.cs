namespace FacialR1.Analysis.Statistics;

/// <summary>The measures of several models over the same resamples, so that differences between any two of them are paired.</summary>
public sealed class JointResamples
{
    private readonly double[][][] values;   // [side][measure][resample]

    internal JointResamples(double[][][] values) => this.values = values;

    /// <summary>How one measure of one side varies.</summary>
    public BootstrapDistribution Of(int side, int measure) => new(values[side][measure]);

    /// <summary>How measure(<paramref name="later"/>) − measure(<paramref name="earlier"/>) varies; a resample in which either is undefined does not count.</summary>
    public BootstrapDistribution Difference(int earlier, int later, int measure)
    {
        var (from, to) = (values[earlier][measure], values[later][measure]);
        var differences = new double[from.Length];
        for (var resample = 0; resample < differences.Length; resample++) differences[resample] = to[resample] - from[resample];
        return new BootstrapDistribution(differences);
    }
}
