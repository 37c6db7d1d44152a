using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Comparison;

/// <summary>What happened to the claims of one unit from one model to the next, in samples.</summary>
/// <param name="Unit">Its code, "AU12".</param>
/// <param name="Samples">With unit labels.</param>
/// <param name="Gained">It is there; only the later model names it.</param>
/// <param name="Lost">It is there; only the earlier model names it.</param>
/// <param name="NewlyHallucinated">It is not there; only the later model names it.</param>
/// <param name="Corrected">It is not there; only the earlier model names it.</param>
/// <param name="KeptRight">It is there and both name it.</param>
/// <param name="KeptHallucinated">It is not there and both name it.</param>
/// <param name="P">McNemar's exact p of better (gained, corrected) against worse; null below 20 samples and where samples share subjects.</param>
/// <param name="AdjustedP">After Holm over the units of this pair of models.</param>
public sealed record ActionUnitChange(
    string Unit, int Samples, int Gained, int Lost, int NewlyHallucinated, int Corrected, int KeptRight, int KeptHallucinated, double? P, double? AdjustedP)
{
    internal static IReadOnlyList<ActionUnitChange> Of(ResultSet earlier, ResultSet later, bool independent)
    {
        var vocabulary = earlier.Vocabulary;
        var counts = new int[vocabulary.Count, 6];
        var samples = 0;
        foreach (var (before, after) in earlier.Rows.Zip(later.Rows))
        {
            if (before.Reading.Labels.ActionUnits is null) continue;
            samples++;
            var (had, has, truth) = (before.Reading.ClaimedWithin(vocabulary), after.Reading.ClaimedWithin(vocabulary), before.Reading.TrueWithin(vocabulary));
            for (var unit = 0; unit < vocabulary.Count; unit++)
            {
                var number = vocabulary[unit];
                int? column = (truth.Contains(number), had.Contains(number), has.Contains(number)) switch
                {
                    (true, false, true) => 0,
                    (true, true, false) => 1,
                    (false, false, true) => 2,
                    (false, true, false) => 3,
                    (true, true, true) => 4,
                    (false, true, true) => 5,
                    _ => null,
                };
                if (column is { } at) counts[unit, at]++;
            }
        }

        var tested = independent && samples >= MeasureDifference.FewestSamples;
        double[] p = tested ? [.. vocabulary.Select((_, unit) => McNemar.ExactP(counts[unit, 0] + counts[unit, 3], counts[unit, 1] + counts[unit, 2]))] : [];
        var adjusted = Holm.Adjust(p);
        return [.. vocabulary.Select((number, unit) => new ActionUnitChange(
            ActionUnit.CodeOf(number), samples, counts[unit, 0], counts[unit, 1], counts[unit, 2], counts[unit, 3], counts[unit, 4], counts[unit, 5],
            tested ? p[unit] : null, tested ? adjusted[unit] : null))];
    }
}
