using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Verification;

/// <summary>A text taken apart and held against what is known about the face and about emotions.</summary>
public sealed record ReasoningCheck
{
    /// <summary>What the text says.</summary>
    public required ReasoningClaims Reading { get; init; }

    /// <summary>Every claim with its verdict, in reading order.</summary>
    public required IReadOnlyList<CheckedClaim> Claims { get; init; }

    /// <summary>Units known to be present that the text does not assert, ascending; null without evidence.</summary>
    public required IReadOnlyList<int>? Omissions { get; init; }

    /// <summary>What the claims do for the answer.</summary>
    public required EmotionAlignment Alignment { get; init; }

    /// <summary>What was known about the face.</summary>
    public required FaceEvidence Evidence { get; init; }

    /// <summary>The true label; null when unknown.</summary>
    public required Emotion? Label { get; init; }

    /// <summary>Measure 3.3a: the emotion stated last in the reasoning is the answer; null when none is stated or answered.</summary>
    public bool? StatedIsAnswer => Reading.StatedEmotion is { } stated && Reading.Trace.Emotion is { } answer ? stated == answer : null;

    /// <summary>Whether the answer is the label; null without a label.</summary>
    public bool? AnswerIsRight => Label is { } label ? Reading.Trace.Emotion == label : null;

    /// <summary>Verifiable asserted mentions, and those of them that are not there: CHAIR_i of this text, repeats counted (measure 3.1).</summary>
    public int VerifiableMentions => Claims.Count(claim => claim.Counts);
    public int HallucinatedMentions => Claims.Count(claim => claim.IsHallucinated);

    /// <summary>Hallucinated / verifiable mentions; null without any. Read it with <see cref="Coverage"/>: silence hallucinates nothing.</summary>
    public double? HallucinationRate => VerifiableMentions == 0 ? null : (double)HallucinatedMentions / VerifiableMentions;

    /// <summary>Units present, and those of them that are asserted.</summary>
    public int PresentUnits => Evidence.Present.Count;
    public int CoveredUnits => PresentUnits - (Omissions?.Count ?? PresentUnits);

    /// <summary>Asserted / present units; null when nothing is known to be present.</summary>
    public double? Coverage => PresentUnits == 0 ? null : (double)CoveredUnits / PresentUnits;

    /// <summary>Null without label and evidence.</summary>
    public ReasoningOutcome? Outcome => AnswerIsRight is not { } isRight || Evidence.IsEmpty ? null
        : HallucinatedMentions > 0 ? isRight ? ReasoningOutcome.RightForTheWrongReasons : ReasoningOutcome.WrongForTheWrongReasons
        : Omissions is { Count: > 0 } ? isRight ? ReasoningOutcome.RightWithReasonsMissing : ReasoningOutcome.WrongWithReasonsMissing
        : isRight ? ReasoningOutcome.RightForTheRightReasons : ReasoningOutcome.WrongDespiteTheRightReasons;

    /// <summary>Checks a text.</summary>
    /// <param name="reading">What it says.</param>
    /// <param name="evidence">What is known about the face; <see cref="FaceEvidence.None"/> makes every verdict unverifiable.</param>
    /// <param name="weights">For the alignment.</param>
    /// <param name="prototypes">For the alignment.</param>
    /// <param name="label">The true emotion; null when unknown.</param>
    public static ReasoningCheck Of(ReasoningClaims reading, FaceEvidence evidence, PmiTable weights, PrototypeTable prototypes, Emotion? label = null)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(evidence);
        var alignment = EmotionAlignment.Of(reading.AssertedActionUnits, reading.Trace.Emotion, weights, prototypes);
        return new ReasoningCheck
        {
            Reading = reading,
            Claims = [.. reading.Claims.Select(claim =>
            {
                var known = evidence.Of(claim.ActionUnit);
                var asserts = claim.Polarity == ClaimPolarity.Asserted;
                return new CheckedClaim(claim, VerdictOf(claim.Polarity, known), known, asserts ? alignment.WeightForAnswer(claim.ActionUnit) : null);
            })],
            Omissions = evidence.IsEmpty ? null : [.. evidence.Present.Except(reading.AssertedActionUnits)],
            Alignment = alignment,
            Evidence = evidence,
            Label = label,
        };
    }

    /// <summary>The verdict on a claim of this polarity.</summary>
    public static Verdict VerdictOf(ClaimPolarity polarity, UnitEvidence? evidence) => evidence?.IsPresent is not { } isPresent ? Verdict.Unverifiable
        : isPresent == (polarity != ClaimPolarity.Negated) ? Verdict.Supported : Verdict.Contradicted;
}

/// <summary>Rates over checked texts. Hallucination and coverage are always read together.</summary>
/// <param name="Texts">Texts with evidence.</param>
/// <param name="Mentions">Verifiable asserted mentions, repeats counted.</param>
/// <param name="HallucinatedMentions">Those that are not there.</param>
/// <param name="ClaimedUnits">Verifiable asserted units, once per text.</param>
/// <param name="HallucinatedUnits">Those that are not there.</param>
/// <param name="ClaimingTexts">Texts with at least one verifiable mention.</param>
/// <param name="HallucinatingTexts">Texts with at least one hallucinated mention.</param>
/// <param name="PresentUnits">Units present, over all texts.</param>
/// <param name="UnverifiableMentions">Asserted mentions that the evidence does not decide.</param>
public sealed record CheckedRates(
    int Texts, int Mentions, int HallucinatedMentions, int ClaimedUnits, int HallucinatedUnits, int ClaimingTexts, int HallucinatingTexts, int PresentUnits, int UnverifiableMentions)
{
    /// <summary>CHAIR_i.</summary>
    public double? MentionRate => Ratio(HallucinatedMentions, Mentions);

    /// <summary>CHAIR_i, each unit once per text.</summary>
    public double? UnitRate => Ratio(HallucinatedUnits, ClaimedUnits);

    /// <summary>CHAIR_s.</summary>
    public double? TextRate => Ratio(HallucinatingTexts, Texts);

    /// <summary>CHAIR_s over texts that claim anything.</summary>
    public double? ClaimingTextRate => Ratio(HallucinatingTexts, ClaimingTexts);

    /// <summary>Supported units / units present.</summary>
    public double? Coverage => Ratio(ClaimedUnits - HallucinatedUnits, PresentUnits);

    /// <summary>1 − coverage.</summary>
    public double? Omission => 1 - Coverage;

    /// <summary>Verifiable mentions per text: rates compare only where it is alike.</summary>
    public double? MeanMentions => Ratio(Mentions, Texts);

    /// <summary>Counts over texts; those without evidence are left out.</summary>
    public static CheckedRates Of(IEnumerable<ReasoningCheck> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var sum = new CheckedRates(0, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var check in checks.Where(check => !check.Evidence.IsEmpty))
        {
            var claimed = check.Claims.Where(claim => claim.Counts).DistinctBy(claim => claim.Claim.ActionUnit).ToArray();
            sum = new CheckedRates(
                sum.Texts + 1,
                sum.Mentions + check.VerifiableMentions,
                sum.HallucinatedMentions + check.HallucinatedMentions,
                sum.ClaimedUnits + claimed.Length,
                sum.HallucinatedUnits + claimed.Count(claim => claim.IsHallucinated),
                sum.ClaimingTexts + (claimed.Length > 0 ? 1 : 0),
                sum.HallucinatingTexts + (check.HallucinatedMentions > 0 ? 1 : 0),
                sum.PresentUnits + check.PresentUnits,
                sum.UnverifiableMentions + check.Claims.Count(claim => claim.Claim.Polarity == ClaimPolarity.Asserted && claim.Verdict == Verdict.Unverifiable));
        }

        return sum;
    }

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
