namespace FacialR1.Analysis.Scoring;

/// <summary>Whether an answer is right, and whether what was seen carries it (section 3.3, joint).</summary>
public enum AnswerOutcome
{
    /// <summary>The label is right and every verifiable unit that was named is there.</summary>
    RightForTheRightReasons,

    /// <summary>The label is right although at least one named unit is not there.</summary>
    RightForTheWrongReasons,

    /// <summary>The label is right, but no verifiable unit was named although some are there.</summary>
    RightWithoutReasons,

    /// <summary>The label is wrong or could not be read.</summary>
    Wrong,
}

/// <summary>Judges answers that have both an emotion label and action unit labels.</summary>
public static class AnswerOutcomes
{
    /// <summary>All outcomes, best first.</summary>
    public static IReadOnlyList<AnswerOutcome> All { get; } = Enum.GetValues<AnswerOutcome>();

    /// <summary>The outcome of one response; null when either label is missing.</summary>
    /// <param name="row">What was answered and what is true.</param>
    /// <param name="vocabulary">The units annotated in this data.</param>
    public static AnswerOutcome? Of(EvaluationRow row, IReadOnlyCollection<int> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (row.Labels.Emotion is not { } truth || row.Labels.ActionUnits is null) return null;
        if (row.Emotion != truth) return AnswerOutcome.Wrong;
        var (claimed, units) = (row.ClaimedWithin(vocabulary), row.TrueWithin(vocabulary));
        if (claimed.Any(unit => !units.Contains(unit))) return AnswerOutcome.RightForTheWrongReasons;
        return claimed.Count == 0 && units.Count > 0 ? AnswerOutcome.RightWithoutReasons : AnswerOutcome.RightForTheRightReasons;
    }

    /// <summary>The words people read.</summary>
    public static string Label(this AnswerOutcome outcome) => outcome switch
    {
        AnswerOutcome.RightForTheRightReasons => "right for the right reasons",
        AnswerOutcome.RightForTheWrongReasons => "right for the wrong reasons",
        AnswerOutcome.RightWithoutReasons => "right without naming a reason",
        _ => "wrong",
    };
}
