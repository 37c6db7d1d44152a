namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>What lies along a chart.</summary>
public enum ChartAxis { Step, Time }

/// <summary>One logged series: values over steps and over seconds since the run began, both ascending.</summary>
/// <remarks>A run that goes on after a kill repeats the steps since its last save. The repeated steps replace what was logged before them.</remarks>
public sealed class Curve
{
    private readonly List<long> steps = [];
    private readonly List<float> seconds = [];

    public MinMaxSeries Values { get; } = new();

    public int Count => steps.Count;

    /// <summary>How often the end was rewritten; who keeps something derived from the values starts anew when it changes.</summary>
    public int Rewrites { get; private set; }

    /// <summary>Appends, or rewrites from <paramref name="step"/> on.</summary>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public void Add(long step, double elapsedSeconds, double value)
    {
        if (steps.Count > 0 && step <= steps[^1])
        {
            var keep = FirstAtOrAfter(ChartAxis.Step, step);
            steps.RemoveRange(keep, steps.Count - keep);
            seconds.RemoveRange(keep, seconds.Count - keep);
            Values.Truncate(keep);
            Rewrites++;
        }
        Values.Add(value);
        steps.Add(step);
        // Clocks can be set back; the axis must not turn round.
        seconds.Add((float)Math.Max(elapsedSeconds, seconds.Count > 0 ? seconds[^1] : 0));
    }

    public long Step(int index) => steps[index];

    /// <summary>Seconds since the run began.</summary>
    public double Seconds(int index) => seconds[index];

    public double X(int index, ChartAxis axis) => axis == ChartAxis.Step ? steps[index] : seconds[index];

    /// <summary>Index of the first point at or after <paramref name="x"/>; <see cref="Count"/> when all are before.</summary>
    public int FirstAtOrAfter(ChartAxis axis, double x)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (X(middle, axis) < x) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Index of the point nearest to <paramref name="x"/>; -1 when there is none.</summary>
    public int Nearest(ChartAxis axis, double x)
    {
        if (Count == 0) return -1;
        var after = Math.Min(FirstAtOrAfter(axis, x), Count - 1);
        return after > 0 && x - X(after - 1, axis) <= X(after, axis) - x ? after - 1 : after;
    }
}
