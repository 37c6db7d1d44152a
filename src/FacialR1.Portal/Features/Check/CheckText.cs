using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Check;

/// <summary>A checked text in words: for the terminal, and the names the pages use.</summary>
public static class CheckText
{
    public static string Words(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    public static string Words(ReasoningOutcome outcome) => outcome switch
    {
        ReasoningOutcome.RightForTheRightReasons => "right answer for the right reasons",
        ReasoningOutcome.RightForTheWrongReasons => "right answer for the wrong reasons",
        ReasoningOutcome.RightWithReasonsMissing => "right answer with reasons missing",
        ReasoningOutcome.WrongDespiteTheRightReasons => "wrong answer despite the right reasons",
        ReasoningOutcome.WrongForTheWrongReasons => "wrong answer for the wrong reasons",
        _ => "wrong answer with reasons missing",
    };

    public static string Words(ReasoningFault flag) => flag switch
    {
        ReasoningFault.BadFormat => "The text is not one think block followed by one answer block.",
        ReasoningFault.UnknownActionUnit => "It names a number that no action unit has.",
        ReasoningFault.AnswerOutsideList => "The answer is none of the seven labels.",
        ReasoningFault.EmotionOutsideList => "The reasoning names an emotion that is none of the seven labels.",
        ReasoningFault.StatedDiffersFromAnswer => "The reasoning ends with another emotion than the answer.",
        ReasoningFault.WordsDisagreeWithCode => "Words and code of a claim mean different movements.",
        _ => "The same action unit is claimed in one place and denied in another.",
    };

    /// <summary>"AU12 lip corner puller".</summary>
    public static string Name(int unit) => ActionUnits.TryGet(unit, out var known) ? $"{known.Code} {known.Name}" : unit == int.MaxValue ? "a number too large to be a unit" : $"AU{unit} (no such unit)";

    /// <summary>"claims", "denies", "perhaps", for the polarity.</summary>
    public static string Words(ClaimPolarity polarity) => polarity switch { ClaimPolarity.Asserted => "claimed", ClaimPolarity.Negated => "denied", _ => "perhaps" };

    /// <summary>Writes claims, contradictions and alignment.</summary>
    public static void Print(TextWriter output, ReasoningCheck check, string? name)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(check);
        if (name is not null) output.WriteLine($"== {name}");
        foreach (var item in check.Claims)
        {
            var weight = item.WeightForAnswer is { } value ? string.Create(CultureInfo.InvariantCulture, $", {(value >= 0 ? "for" : "against")} the answer ({value:+0.00;-0.00})") : "";
            output.WriteLine($"{Words(item.Verdict),-12}  {Words(item.Claim.Polarity),-7}  {Name(item.Claim.ActionUnit)}{weight}: “{item.Claim.Span.Of(check.Reading.Trace.Text)}”");
        }

        if (check.Claims.Count == 0) output.WriteLine("No claim about an action unit was found.");
        if (check.Omissions is { Count: > 0 } omissions) output.WriteLine("Left out: " + string.Join(", ", omissions.Select(Name)));
        if (check.Evidence.IsEmpty) output.WriteLine("Nothing is known about the face, so no claim can be verified; give its labels with --units.");
        else output.WriteLine($"Not there: {check.HallucinatedMentions} of {check.VerifiableMentions} verifiable mentions; found: {check.CoveredUnits} of {check.PresentUnits} units present");
        foreach (var flag in check.Reading.Flags) output.WriteLine("! " + Words(flag));
        var implied = check.Alignment.Implied;
        output.WriteLine($"Answer: {check.Reading.Trace.Emotion?.Name() ?? "none"}; the claimed units imply: {(implied.Count == 0 ? "nothing" : string.Join(" or ", implied.Select(emotion => emotion.Name())))}"
            + (check.Alignment.Alignment is { } share ? string.Create(CultureInfo.InvariantCulture, $"; alignment with the answer {share:0.000}") : ""));
        if (check.Outcome is { } outcome) output.WriteLine("Outcome: " + Words(outcome));
    }
}
