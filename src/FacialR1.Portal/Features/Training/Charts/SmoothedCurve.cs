namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>
/// Exponential moving average of a curve, corrected for its start: y_t = (1 − w)·Σ w^(t−i)·x_i / (1 − w^(t+1)). A constant curve stays what it is,
/// and the first value is itself.
/// </summary>
public sealed class SmoothedCurve
{
    private readonly double weight;
    private MinMaxSeries values = new();
    private double sum;
    private double missing = 1;
    private int rewrites;

    /// <param name="weight">w, in [0, 1): the larger, the smoother.</param>
    public SmoothedCurve(double weight)
    {
        if (weight is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "A smoothing weight lies in [0, 1).");
        this.weight = weight;
    }

    public double Weight => weight;

    /// <summary>The smoothed values for the points of <paramref name="raw"/>; only those that came since the last call are computed.</summary>
    public MinMaxSeries Of(Curve raw)
    {
        if (raw.Rewrites != rewrites) (values, sum, missing, rewrites) = (new MinMaxSeries(), 0, 1, raw.Rewrites);
        for (var index = values.Count; index < raw.Count; index++)
        {
            sum = weight * sum + (1 - weight) * raw.Values[index];
            missing *= weight;
            values.Add(sum / (1 - missing));
        }
        return values;
    }
}
