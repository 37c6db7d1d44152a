namespace FacialR1.Analysis.Faithfulness;

/// <summary>What an answer loses without the evidence it names, and what that evidence gives alone (DeYoung et al. 2020, ERASER; measures 4.1).</summary>
/// <remarks>All p are probabilities of the class that was answered with nothing taken away.</remarks>
public static class Erasure
{
    /// <summary>p(j | x) − p(j | x without the evidence), in [−1, 1]: high when the evidence is needed.</summary>
    public static double Comprehensiveness(double whole, double without) => whole - without;

    /// <summary>p(j | x) − p(j | the evidence only), in [−1, 1]: low when the evidence is enough.</summary>
    public static double Sufficiency(double whole, double only) => whole - only;

    /// <summary>Area over the perturbation curve: the mean loss over growing parts of the evidence. Null without any part.</summary>
    /// <param name="whole">p with nothing taken away.</param>
    /// <param name="perturbed">p at each threshold: without that much (comprehensiveness) or with that much only (sufficiency).</param>
    public static double? Aopc(double whole, IReadOnlyList<double> perturbed)
    {
        ArgumentNullException.ThrowIfNull(perturbed);
        return perturbed.Count == 0 ? null : perturbed.Average(p => whole - p);
    }

    /// <summary>Trapezoid of p over the share removed or revealed, in equal steps from none to all (deletion and insertion, Petsiuk et al. 2018). Null with fewer than two values.</summary>
    /// <param name="values">p after each step, in order of importance. Removing: low is good; revealing: high is good.</param>
    public static double? CurveArea(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2) return null;
        return (values.Sum() - (values[0] + values[^1]) / 2) / (values.Count - 1);
    }
}
