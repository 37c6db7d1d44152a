namespace FacialR1.Analysis.Statistics;

/// <summary>What a measure becomes when each sample is left out in turn.</summary>
public static class Jackknife
{
    /// <summary>Efron's acceleration Σd³ / 6(Σd²)^1.5 with d = mean − value without sample i: how fast the spread of the measure grows with the measure. 0 when nothing moves it.</summary>
    /// <param name="withoutEach">The measure without each sample; NaN where it is not defined then, which does not count.</param>
    public static double Acceleration(IReadOnlyCollection<double> withoutEach)
    {
        ArgumentNullException.ThrowIfNull(withoutEach);
        var (sum, defined) = (0.0, 0);
        foreach (var value in withoutEach)
            if (!double.IsNaN(value)) (sum, defined) = (sum + value, defined + 1);
        if (defined == 0) return 0;
        var (squares, cubes) = (0.0, 0.0);
        foreach (var value in withoutEach)
        {
            if (double.IsNaN(value)) continue;
            var d = sum / defined - value;
            (squares, cubes) = (squares + d * d, cubes + d * d * d);
        }
        return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }
}
