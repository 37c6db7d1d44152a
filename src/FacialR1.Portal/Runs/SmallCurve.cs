namespace FacialR1.Portal.Runs;

/// <summary>Keeps the course of a series in at most <see cref="Capacity"/> numbers, however many come: when full, neighbours are merged and stretches get twice as long.</summary>
internal sealed class SmallCurve
{
    public const int Capacity = 64;
    private readonly List<double> means = [];
    private int stretch = 1, filled;

    public void Add(double value)
    {
        if (!double.IsFinite(value)) return;
        if (filled == 0) means.Add(value);
        else means[^1] += (value - means[^1]) / (filled + 1);
        filled = (filled + 1) % stretch;
        if (means.Count < Capacity || filled != 0) return;
        for (var i = 0; i < Capacity / 2; i++) means[i] = (means[2 * i] + means[2 * i + 1]) / 2;
        means.RemoveRange(Capacity / 2, Capacity / 2);
        stretch *= 2;
    }

    public IReadOnlyList<double> Means => [.. means];
}
