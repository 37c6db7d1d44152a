using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Scoring;

/// <summary>One sample of an evaluation: what was answered and what is true.</summary>
/// <param name="FormatOk">The response kept the grammar.</param>
/// <param name="Emotion">The answered label; null when it could not be read.</param>
/// <param name="MentionedActionUnits">Every unit named, in reading order, repeats included.</param>
/// <param name="Labels">What is true.</param>
public sealed record EvaluationRow(bool FormatOk, Emotion? Emotion, IReadOnlyList<int> MentionedActionUnits, ResponseLabels Labels)
{
    /// <summary>The row of a parsed response. Numbers that no unit has are left out: they can never be checked.</summary>
    public static EvaluationRow Of(ReasoningTrace trace, ResponseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return new EvaluationRow(trace.FormatOk, trace.Emotion, [.. trace.Mentions.Where(mention => mention.IsKnown).Select(mention => mention.Number)], labels);
    }

    internal HashSet<int> ClaimedWithin(IReadOnlyCollection<int> vocabulary) => [.. MentionedActionUnits.Where(vocabulary.Contains)];

    /// <summary>True units of the vocabulary; only for rows with labels.</summary>
    internal HashSet<int> TrueWithin(IReadOnlyCollection<int> vocabulary) => [.. Labels.ActionUnits!.Where(vocabulary.Contains)];
}
