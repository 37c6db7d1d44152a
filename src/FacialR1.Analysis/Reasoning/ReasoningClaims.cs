using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>What a text claims, statement by statement. All spans lie inside the text of <see cref="Trace"/>.</summary>
/// <param name="Trace">What was read before: blocks, codes, answer.</param>
/// <param name="Sentences">The sentences of the claim area, in order.</param>
/// <param name="Claims">Every statement about an action unit, in reading order, repeats included.</param>
/// <param name="Emotions">Every emotion named in the claim area, in reading order; the answer block is not part of it.</param>
/// <param name="Links">Which movements are said to speak for or against which emotion.</param>
public sealed record ReasoningClaims(
    ReasoningTrace Trace, IReadOnlyList<TextSpan> Sentences, IReadOnlyList<ActionUnitClaim> Claims, IReadOnlyList<EmotionMention> Emotions, IReadOnlyList<EmotionLink> Links)
{
    /// <summary>Names the extractor in stored results; changes when the same text would give other claims.</summary>
    public const string Version = "claims/1";

    /// <summary>Known units that are asserted, distinct, ascending: what verification and alignment work on.</summary>
    public IReadOnlyList<int> AssertedActionUnits { get; } =
        [.. Claims.Where(claim => claim is { Polarity: ClaimPolarity.Asserted, IsKnown: true }).Select(claim => claim.ActionUnit).Distinct().Order()];

    /// <summary>The last label that the reasoning asserts; null when it asserts none.</summary>
    public Emotion? StatedEmotion => Emotions.LastOrDefault(mention => mention is { Polarity: ClaimPolarity.Asserted, Emotion: not null })?.Emotion;

    /// <summary>The reasoning states the answered emotion itself, so what a model thinks at the answer is thought behind its own verdict.</summary>
    public bool StatesAnswer => Trace.Emotion is { } answer && Emotions.Any(mention => mention.Polarity == ClaimPolarity.Asserted && mention.Emotion == answer);

    /// <summary>What is odd about the text, in a fixed order.</summary>
    public IReadOnlyList<ReasoningFault> Flags { get; } = [.. FlagsOf(Trace, Claims, Emotions)];

    private static IEnumerable<ReasoningFault> FlagsOf(ReasoningTrace trace, IReadOnlyList<ActionUnitClaim> claims, IReadOnlyList<EmotionMention> emotions)
    {
        var stated = emotions.LastOrDefault(mention => mention is { Polarity: ClaimPolarity.Asserted, Emotion: not null })?.Emotion;
        var asserted = claims.Where(claim => claim.Polarity == ClaimPolarity.Asserted).Select(claim => claim.ActionUnit).ToHashSet();
        if (trace.IsComplete && !trace.FormatOk) yield return ReasoningFault.BadFormat;
        if (trace.HasUnknownActionUnit) yield return ReasoningFault.UnknownActionUnit;
        if (trace.IsAnswerOutsideList) yield return ReasoningFault.AnswerOutsideList;
        if (emotions.Any(mention => mention is { Emotion: null, Polarity: ClaimPolarity.Asserted })) yield return ReasoningFault.EmotionOutsideList;
        if (stated is not null && trace.Emotion is not null && stated != trace.Emotion) yield return ReasoningFault.StatedDiffersFromAnswer;
        if (claims.Any(claim => claim.WordsDisagree)) yield return ReasoningFault.WordsDisagreeWithCode;
        if (claims.Any(claim => claim.Polarity == ClaimPolarity.Negated && asserted.Contains(claim.ActionUnit))) yield return ReasoningFault.SelfContradiction;
    }
}

/// <summary>Something a reader should know before trusting a text.</summary>
public enum ReasoningFault
{
    /// <summary>Not one think block followed by one answer block.</summary>
    BadFormat,

    /// <summary>A number is claimed that no known unit has.</summary>
    UnknownActionUnit,

    /// <summary>The answer is none of the labels or their synonyms.</summary>
    AnswerOutsideList,

    /// <summary>The reasoning asserts an emotion that is no label, such as contempt.</summary>
    EmotionOutsideList,

    /// <summary>The last emotion asserted in the reasoning is not the answered one.</summary>
    StatedDiffersFromAnswer,

    /// <summary>A description and the code beside it mean different movements.</summary>
    WordsDisagreeWithCode,

    /// <summary>The same unit is asserted in one place and denied in another.</summary>
    SelfContradiction,
}
