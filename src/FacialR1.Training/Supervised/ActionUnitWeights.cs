using FacialR1.Training.Data;

namespace FacialR1.Training.Supervised;

/// <summary>How much the decision for an AU weighs in the text loss, from how rare it is.</summary>
public static class ActionUnitWeights
{
    private const double CommonShare = 0.4, Power = 0.5, Smallest = 1.3, Largest = 4;   // of a weight: for a unit of that share and more; exponent; least; most

    /// <summary>
    /// weight = 1.3·(0.4 / share)^0.5, kept in [1.3, 4]. With weight w the decision falls at probability 1/(1 + w), and F1 is best at half of the F1
    /// that can be reached: about 0.43 for an AU that is common and easily seen, 0.2 for a rare one.
    /// </summary>
    /// <param name="samples">The training split only.</param>
    public static IReadOnlyDictionary<int, float> For(IReadOnlyList<FaceSample> samples) => For(samples, Smallest);

    /// <summary>The other way round: from which probability on each unit is worth naming, 1/(1 + weight).</summary>
    /// <param name="samples">Those without AU labels do not count.</param>
    /// <param name="common">Of a unit that is seen in 40% of the photos or more; in [0.2, 1). Rarer ones get less, down to 0.2.</param>
    public static IReadOnlyDictionary<int, double> Thresholds(IReadOnlyList<FaceSample> samples, double common) =>
        For([.. samples.Where(sample => sample.ActionUnits is not null)], 1 / common - 1).ToDictionary(weight => weight.Key, weight => 1 / (1.0 + weight.Value));

    /// <summary>Share of the samples that show a unit, with one more that does and one more that does not (Laplace), so that no unit is never or always seen.</summary>
    /// <param name="samples">All with AU labels.</param>
    public static double Share(IReadOnlyCollection<FaceSample> samples, int unit) => (samples.Count(sample => sample.ActionUnits!.Contains(unit)) + 1.0) / (samples.Count + 2.0);

    private static Dictionary<int, float> For(IReadOnlyList<FaceSample> samples, double smallest) => FerAuFolder.ActionUnits.ToDictionary(unit => unit,
        unit => (float)Math.Clamp(smallest * Math.Pow(CommonShare / Share(samples, unit), Power), smallest, Largest));
}
