using FacialR1.Training.Data;

namespace FacialR1.Training.Supervised;

/// <summary>How much the decision for an AU weighs in the text loss, from how rare it is.</summary>
public static class ActionUnitWeights
{
    private const double CommonShare = 0.4, Power = 0.35, Largest = 2.5;

    /// <summary>weight = (0.4 / share)^0.35, kept in [1, 2.5]: a rare AU is worth naming at a lower probability, because its best F1 is lower.</summary>
    /// <param name="samples">The training split only.</param>
    public static IReadOnlyDictionary<int, float> For(IReadOnlyList<FaceSample> samples) => FerAuFolder.ActionUnits.ToDictionary(unit => unit, unit =>
    {
        var share = (samples.Count(sample => sample.ActionUnits!.Contains(unit)) + 1.0) / (samples.Count + 2.0);
        return (float)Math.Clamp(Math.Pow(CommonShare / share, Power), 1, Largest);
    });
}
