namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>One line of a chart, ready to be drawn.</summary>
/// <param name="Label">What the legend says.</param>
/// <param name="Raw">What was logged.</param>
/// <param name="Smoothed">Beside the raw line, one value for each of its points; null without smoothing.</param>
/// <param name="Deviation">Standard deviation within a group, drawn as a band of ± one around the line; null where there is none.</param>
/// <param name="Color">Number of the colour and of the dash pattern, from 0.</param>
public sealed record ChartLine(string Label, Curve Raw, MinMaxSeries? Smoothed, Curve? Deviation, int Color);

/// <summary>The part of the axis that is looked at.</summary>
/// <param name="From">In steps or seconds, included.</param>
/// <param name="To">Above <paramref name="From"/>.</param>
public readonly record struct ChartRange(double From, double To)
{
    public double Width => To - From;

    /// <summary>Nearer (factor below 1) or farther, around its middle, inside <paramref name="whole"/>.</summary>
    public ChartRange Zoom(double factor, ChartRange whole)
    {
        var (middle, half) = ((From + To) / 2, Width / 2 * factor);
        return new ChartRange(Math.Max(whole.From, middle - half), Math.Min(whole.To, middle + half));
    }

    /// <summary>Moved by a share of its width, stopped at the ends of <paramref name="whole"/>.</summary>
    public ChartRange Shift(double share, ChartRange whole)
    {
        var by = Math.Clamp(Width * share, whole.From - From, whole.To - To);
        return new ChartRange(From + by, To + by);
    }
}
