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
        var counts = new int[vocabulary.Count, Enum.GetValues<UnitChange>().Length];
        var samples = 0;
        foreach (var (before, after) in earlier.Rows.Zip(later.Rows))
        {
            if (before.Reading.Labels.ActionUnits is null) continue;
            samples++;
            for (var unit = 0; unit < vocabulary.Count; unit++)
                if (UnitChangeKinds.Of(before, after, vocabulary[unit]) is { } change) counts[unit, (int)change]++;
        }

        var tested = independent && samples >= MeasureDifference.FewestSamples;
        double[] p = tested ? [.. vocabulary.Select((_, unit) => McNemar.ExactP(Count(unit, UnitChange.Gained) + Count(unit, UnitChange.Corrected), Count(unit, UnitChange.Lost) + Count(unit, UnitChange.NewlyHallucinated)))] : [];
        var adjusted = Holm.Adjust(p);
        return [.. vocabulary.Select((number, unit) => new ActionUnitChange(
            ActionUnit.CodeOf(number), samples, Count(unit, UnitChange.Gained), Count(unit, UnitChange.Lost), Count(unit, UnitChange.NewlyHallucinated), Count(unit, UnitChange.Corrected),
            Count(unit, UnitChange.KeptRight), Count(unit, UnitChange.KeptHallucinated), tested ? p[unit] : null, tested ? adjusted[unit] : null))];

        int Count(int unit, UnitChange change) => counts[unit, (int)change];
    }

    /// <summary>How many samples changed so.</summary>
    public int Of(UnitChange change) => change switch
    {
        UnitChange.Gained => Gained,
        UnitChange.Lost => Lost,
        UnitChange.NewlyHallucinated => NewlyHallucinated,
        UnitChange.Corrected => Corrected,
        UnitChange.KeptRight => KeptRight,
        _ => KeptHallucinated,
    };
}
