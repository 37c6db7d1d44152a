namespace FacialR1.Analysis.Statistics;

/// <summary>Turns a classifier's logit into a probability that can be believed: σ(scale·logit + shift) (Platt 1999).</summary>
/// <param name="Scale">1 changes nothing.</param>
/// <param name="Shift">0 changes nothing.</param>
public readonly record struct PlattScaling(double Scale, double Shift)
{
    private const int Iterations = 50;
    private const double Ridge = 1e-6;   // keeps separable data finite

    public double Of(double logit) => 1 / (1 + Math.Exp(-(Scale * logit + Shift)));

    /// <summary>Maximum likelihood by Newton's method, with Platt's softened targets (n₊+1)/(n₊+2) and 1/(n₋+2).</summary>
    /// <param name="rows">Logit and truth; both outcomes must occur.</param>
    /// <exception cref="ArgumentException">Only one outcome occurs, so there is nothing to fit.</exception>
    public static PlattScaling Fit(IReadOnlyCollection<(double Logit, bool IsPresent)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var present = rows.Count(row => row.IsPresent);
        var absent = rows.Count - present;
        if (present == 0 || absent == 0) throw new ArgumentException($"Both outcomes are needed; {present} of {rows.Count} rows are present.", nameof(rows));
        var (high, low) = ((present + 1.0) / (present + 2), 1.0 / (absent + 2));

        var (scale, shift) = (1.0, 0.0);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var (g1, g0, h11, h10, h00) = (0.0, 0.0, Ridge, 0.0, Ridge);
            foreach (var (logit, isPresent) in rows)
            {
                var p = 1 / (1 + Math.Exp(-(scale * logit + shift)));
                var (error, weight) = (p - (isPresent ? high : low), p * (1 - p));
                g1 += error * logit;
                g0 += error;
                h11 += weight * logit * logit;
                h10 += weight * logit;
                h00 += weight;
            }

            var determinant = h11 * h00 - h10 * h10;
            var (stepScale, stepShift) = ((h00 * g1 - h10 * g0) / determinant, (h11 * g0 - h10 * g1) / determinant);
            scale -= Math.Clamp(stepScale, -1, 1);
            shift -= Math.Clamp(stepShift, -1, 1);
            if (Math.Abs(stepScale) + Math.Abs(stepShift) < 1e-9) break;
        }

        return new PlattScaling(scale, shift);
    }
}
