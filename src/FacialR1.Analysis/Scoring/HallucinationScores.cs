namespace FacialR1.Analysis.Scoring;

/// <summary>
/// How much of what is claimed is not there, and how much of what is there is claimed, after CHAIR (Rohrbach et al. 2018). Always read both: silence has no
/// hallucinations. Samples without unit labels do not count.
/// </summary>
/// <param name="Samples">Responses with unit labels.</param>
/// <param name="Mentions">Verifiable mentions, repeats counted.</param>
/// <param name="HallucinatedMentions">Those whose unit is not true.</param>
/// <param name="UnverifiableMentions">Mentions of units that this data does not annotate.</param>
/// <param name="ClaimedUnits">Verifiable units, each once per response.</param>
/// <param name="HallucinatedUnits">Those that are not true.</param>
/// <param name="ClaimingResponses">Responses with at least one verifiable mention.</param>
/// <param name="HallucinatingResponses">Responses with at least one hallucinated mention.</param>
/// <param name="TrueUnits">Labels, over all responses.</param>
public sealed record HallucinationScores(
    int Samples, int Mentions, int HallucinatedMentions, int UnverifiableMentions, int ClaimedUnits, int HallucinatedUnits,
    int ClaimingResponses, int HallucinatingResponses, int TrueUnits)
{
    /// <summary>CHAIR_i: hallucinated mentions / verifiable mentions; null without mentions.</summary>
    public double? MentionRate => Ratio(HallucinatedMentions, Mentions);

    /// <summary>CHAIR_i with each unit counted once per response; null without claims.</summary>
    public double? UnitRate => Ratio(HallucinatedUnits, ClaimedUnits);

    /// <summary>CHAIR_s: responses with a hallucination / all responses; null without responses.</summary>
    public double? ResponseRate => Ratio(HallucinatingResponses, Samples);

    /// <summary>Responses with a hallucination / responses that claim anything; null when none does.</summary>
    public double? ClaimingResponseRate => Ratio(HallucinatingResponses, ClaimingResponses);

    /// <summary>Correctly claimed units / true units; null when nothing is true.</summary>
    public double? Coverage => Ratio(ClaimedUnits - HallucinatedUnits, TrueUnits);

    /// <summary>1 − coverage; null when nothing is true.</summary>
    public double? Omission => 1 - Coverage;

    /// <summary>Verifiable mentions per response: rates compare only where this is alike. Null without responses.</summary>
    public double? MeanMentions => Ratio(Mentions, Samples);

    /// <summary>Counts over a corpus.</summary>
    /// <param name="rows">The evaluation.</param>
    /// <param name="vocabulary">The units annotated in this data.</param>
    public static HallucinationScores Of(IEnumerable<EvaluationRow> rows, IReadOnlyCollection<int> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var sum = new HallucinationScores(0, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var row in rows.Where(row => row.Labels.ActionUnits is not null))
        {
            var (claimed, truth) = (row.ClaimedWithin(vocabulary), row.TrueWithin(vocabulary));
            var verifiable = row.MentionedActionUnits.Count(vocabulary.Contains);
            var hallucinated = row.MentionedActionUnits.Count(unit => vocabulary.Contains(unit) && !truth.Contains(unit));
            sum = new HallucinationScores(
                sum.Samples + 1,
                sum.Mentions + verifiable,
                sum.HallucinatedMentions + hallucinated,
                sum.UnverifiableMentions + row.MentionedActionUnits.Count - verifiable,
                sum.ClaimedUnits + claimed.Count,
                sum.HallucinatedUnits + claimed.Count(unit => !truth.Contains(unit)),
                sum.ClaimingResponses + (verifiable > 0 ? 1 : 0),
                sum.HallucinatingResponses + (hallucinated > 0 ? 1 : 0),
                sum.TrueUnits + truth.Count);
        }
        return sum;
    }

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
