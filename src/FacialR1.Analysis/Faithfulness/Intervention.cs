using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Faithfulness;

/// <summary>One change to a reasoning and what became of the answer (measures 4.2).</summary>
/// <param name="Before">The answer as given.</param>
/// <param name="After">The answer after the change; null when the model gave none.</param>
/// <param name="ProbabilityBefore">p of <paramref name="Before"/> as given.</param>
/// <param name="ProbabilityAfter">p of <paramref name="Before"/> after the change; null when no answer was reached.</param>
/// <param name="WeightChange">Δpmi of the change for <paramref name="Before"/> in nats; null where a unit has no weight, or nothing was exchanged.</param>
public sealed record Intervention(Emotion Before, Emotion? After, double ProbabilityBefore, double? ProbabilityAfter, double? WeightChange)
{
    /// <summary>The answer is another one, or there is none any more.</summary>
    public bool HasFlipped => After != Before;

    /// <summary>Whether p moved the way the learned weights say; null when they say nothing or p is not known. A p that did not move does not agree.</summary>
    public bool? AgreesInDirection => WeightChange is not { } weight || weight == 0 || ProbabilityAfter is not { } after ? null
        : Math.Sign(after - ProbabilityBefore) == Math.Sign(weight);

    /// <summary>Δpmi(answer) of putting one unit in the place of another; null where one of them has no weight.</summary>
    public static double? WeightChangeOf(PmiTable weights, int from, int to, Emotion answer)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Weight(to, answer) - weights.Weight(from, answer);
    }
}

/// <summary>How often something happened among what was tried.</summary>
/// <param name="Count">How often.</param>
/// <param name="Tried">Out of how many.</param>
public sealed record InterventionRate(int Count, int Tried)
{
    /// <summary>Null when nothing was tried.</summary>
    public double? Rate => Tried == 0 ? null : (double)Count / Tried;

    /// <summary>95% Wilson interval; null when nothing was tried.</summary>
    public Interval? Interval => Wilson.Interval(Count, Tried);

    /// <summary>Flip rate: answers that changed.</summary>
    public static InterventionRate OfFlips(IEnumerable<Intervention> interventions)
    {
        ArgumentNullException.ThrowIfNull(interventions);
        var all = interventions.ToArray();
        return new InterventionRate(all.Count(one => one.HasFlipped), all.Length);
    }

    /// <summary>Directional agreement, over the changes for which it is defined.</summary>
    public static InterventionRate OfDirections(IEnumerable<Intervention> interventions)
    {
        ArgumentNullException.ThrowIfNull(interventions);
        var defined = interventions.Select(one => one.AgreesInDirection).OfType<bool>().ToArray();
        return new InterventionRate(defined.Count(agrees => agrees), defined.Length);
    }
}
