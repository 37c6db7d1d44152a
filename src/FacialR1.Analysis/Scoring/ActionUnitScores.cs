namespace FacialR1.Analysis.Scoring;

/// <summary>What a macro mean does with a unit that is never true in the data.</summary>
public enum MacroPolicy
{
    /// <summary>Ours: false alarms give it F1 = 0 and it counts; it is left out only when it was never claimed either.</summary>
    Portal,

    /// <summary>As published evaluations do it: it is left out, so claiming it costs nothing.</summary>
    Paper,
}

/// <summary>What happens to a claimed unit that the data does not annotate.</summary>
public enum OutsidePolicy
{
    /// <summary>It cannot be checked, so it counts neither way.</summary>
    Ignore,

    /// <summary>It is taken for a false alarm: every such unit joins the vocabulary.</summary>
    CountAsFalsePositive,
}

/// <summary>How one unit was recognised over all samples.</summary>
/// <param name="Number">The unit.</param>
public sealed record ActionUnitCounts(int Number, int TruePositives, int FalsePositives, int FalseNegatives, int Samples)
{
    /// <summary>Samples in which it is true.</summary>
    public int Support => TruePositives + FalseNegatives;

    /// <summary>Samples in which it was claimed.</summary>
    public int Predicted => TruePositives + FalsePositives;

    /// <summary>Share of samples in which it is true; F1 depends on it. Null without samples.</summary>
    public double? Prevalence => Ratio(Support, Samples);

    /// <summary>Null when it was never claimed.</summary>
    public double? Precision => Ratio(TruePositives, Predicted);

    /// <summary>Null when it is never true.</summary>
    public double? Recall => Ratio(TruePositives, Support);

    /// <summary>2TP / (2TP + FP + FN); null when it is neither true nor claimed anywhere.</summary>
    public double? F1 => Ratio(2 * TruePositives, Support + Predicted);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}

/// <summary>Action unit recognition over a corpus. Samples without unit labels do not count.</summary>
/// <param name="Samples">Samples with unit labels.</param>
/// <param name="PerUnit">One per unit of the vocabulary, in its order.</param>
/// <param name="MacroF1">Mean F1 over units (the headline); null when no unit has one.</param>
/// <param name="MicroF1">F1 of the pooled counts; null when nothing is true or claimed.</param>
/// <param name="SampleF1">Mean of the F1 of each sample; null without samples.</param>
public sealed record ActionUnitScores(int Samples, IReadOnlyList<ActionUnitCounts> PerUnit, double? MacroF1, double? MicroF1, double? SampleF1)
{
    /// <summary>Counts and averages.</summary>
    /// <param name="rows">The evaluation.</param>
    /// <param name="vocabulary">The units annotated in this data, distinct.</param>
    /// <param name="policy">How the macro mean treats units that are never true.</param>
    /// <param name="outside">How claims of units outside the vocabulary count.</param>
    public static ActionUnitScores Of(
        IEnumerable<EvaluationRow> rows, IReadOnlyList<int> vocabulary, MacroPolicy policy = MacroPolicy.Portal, OutsidePolicy outside = OutsidePolicy.Ignore)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (outside == OutsidePolicy.CountAsFalsePositive)
        {
            rows = [.. rows];
            vocabulary = [.. vocabulary, .. rows.Where(row => row.Labels.ActionUnits is not null).SelectMany(row => row.MentionedActionUnits).Except(vocabulary).Order()];
        }
        var labelled = rows.Where(row => row.Labels.ActionUnits is not null)
            .Select(row => (Claimed: row.ClaimedWithin(vocabulary), True: row.TrueWithin(vocabulary))).ToArray();

        ActionUnitCounts[] perUnit = [.. vocabulary.Select(unit => new ActionUnitCounts(
            unit,
            labelled.Count(row => row.Claimed.Contains(unit) && row.True.Contains(unit)),
            labelled.Count(row => row.Claimed.Contains(unit) && !row.True.Contains(unit)),
            labelled.Count(row => !row.Claimed.Contains(unit) && row.True.Contains(unit)),
            labelled.Length))];
        var pooled = new ActionUnitCounts(
            0, perUnit.Sum(unit => unit.TruePositives), perUnit.Sum(unit => unit.FalsePositives), perUnit.Sum(unit => unit.FalseNegatives), labelled.Length);
        return new ActionUnitScores(
            labelled.Length, perUnit,
            // Average over nullable values skips the undefined ones and is null when none is left.
            perUnit.Where(unit => policy == MacroPolicy.Portal || unit.Support > 0).Average(unit => unit.F1),
            pooled.F1,
            labelled.Select(row => (double?)ResponseScorer.F1(row.Claimed, row.True)).Average());
    }
}
