using System.Text.RegularExpressions;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Training.Synthesis;

/// <summary>Finds action units that a text names only to deny them: "no AU4", "the lips are not parted (AU25)", "AU1 and AU2 are absent".</summary>
/// <remarks>
/// A filter, not a reading: in doubt it says negated. A denying word counts for every unit behind it in the same clause; clauses end at . ; : ! ? and at
/// words of contrast. A text that is wrongly rejected costs one more attempt, a denied unit that is learnt as seen costs truth.
/// </remarks>
internal static partial class Negations
{
    /// <summary>Numbers of the units that are denied at least once, ascending.</summary>
    public static IReadOnlyList<int> Of(ReasoningTrace trace)
    {
        if (trace.Mentions.Count == 0) return [];
        var end = trace.Think?.End ?? trace.Answer?.Start ?? trace.Text.Length;
        var start = trace.Think?.Start ?? 0;
        List<int> boundaries = [start, .. ClauseEnd().Matches(trace.Text).Select(match => match.Index + match.Length).Where(index => index > start && index < end)];
        return [.. trace.Mentions.Where(IsDenied).Select(mention => mention.Number).Distinct().Order()];

        bool IsDenied(ActionUnitMention mention)
        {
            var clause = boundaries.Last(boundary => boundary <= mention.Start);
            return DenyingWord().IsMatch(trace.Text[clause..mention.Start]) || DeniedAfterwards().IsMatch(trace.Text[mention.Span.End..end]);
        }
    }

    [GeneratedRegex(@"[.;:!?\n]|\b(?:but|while|whereas|although|though|however|yet|instead)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClauseEnd();

    // "not only" and "no doubt" affirm.
    [GeneratedRegex(@"\b(?:not?(?!\s+(?:only|just|doubt))|none|never|neither|nor|without|cannot|absen(?:t|ce)|lack(?:s|ed|ing)?|missing|hardly|barely)\b|n['\u2019]t\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DenyingWord();

    [GeneratedRegex(
        @"^\)?(?:\s{0,2}(?:,|/|\+|&|\band\b|\bor\b){1,2}\s{0,2}\(?(?:AU[\s-]?)?[0-9]{1,2}\)?){0,8}\s{0,2}" +
        @"(?:(?:is|are|was|were|does|do|did|has|have|can|could|seems?|appears?|remains?|looks?)(?:n['\u2019]t)?\s{1,2}(?:\w{1,12}\s{1,2})?)?" +
        @"(?:(?<=n['\u2019]t\s{1,2}(?:\w{1,12}\s{1,2})?)|not\b|never\b|absent\b|missing\b|lacking\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedAfterwards();
}
