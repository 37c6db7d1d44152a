namespace FacialR1.Analysis.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>P(X ≤ <paramref name="z"/>), to about 1e-15, by the series of Marsaglia (2004) in the middle and a continued fraction in the tails.</summary>
    public static double Cdf(double z)
    {
        if (double.IsNaN(z)) return double.NaN;
        if (Math.Abs(z) > 38) return z < 0 ? 0 : 1;
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(z) < 5)
        {
            double sum = z, term = z;
            for (var i = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); i += 2) sum += term *= z * z / i;
            return 0.5 + density * sum;
        }

        var x = Math.Abs(z);
        var tail = 0.0;
        for (var i = 60; i >= 1; i--) tail = i / (x + tail);
        var beyond = density / (x + tail);
        return z < 0 ? beyond : 1 - beyond;
    }

    /// <summary>The z below which a share <paramref name="probability"/> lies: a rational start, then Halley steps on <see cref="Cdf"/>.</summary>
    /// <returns>Negative and positive infinity at 0 and 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside [0, 1].</exception>
    public static double Quantile(double probability)
    {
        if (!(probability is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        if (probability is 0 or 1) return probability == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (probability > 0.5) return -Quantile(1 - probability);   // the lower tail keeps its digits

        // Abramowitz and Stegun 26.2.23: off by at most 4.5e-4; every step below cubes the error.
        var t = Math.Sqrt(-2 * Math.Log(probability));
        var z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
        for (var step = 0; step < 3; step++)
        {
            var error = (Cdf(z) - probability) * Math.Sqrt(2 * Math.PI) * Math.Exp(z * z / 2);
            z -= error / (1 + z * error / 2);
        }

        return z;
    }
}
