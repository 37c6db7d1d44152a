using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>One place of the reasoning that names an emotion.</summary>
/// <param name="Sentence">Position of its sentence in <see cref="ReasoningClaims.Sentences"/>.</param>
/// <param name="Span">The word.</param>
/// <param name="Emotion">The label it means; null for an emotion outside the list, such as contempt.</param>
/// <param name="Polarity">"Not anger" is negated, "possibly anger" hedged.</param>
public sealed record EmotionMention(int Sentence, TextSpan Span, Emotion? Emotion, ClaimPolarity Polarity);

/// <summary>A statement that movements speak for or against an emotion.</summary>
/// <param name="Sentence">Position of its sentence in <see cref="ReasoningClaims.Sentences"/>.</param>
/// <param name="Emotion">Position of the emotion in <see cref="ReasoningClaims.Emotions"/>.</param>
/// <param name="ActionUnits">Known units that the text gives as its reason, distinct, ascending.</param>
/// <param name="Polarity">Asserted: they speak for it; negated: against it; hedged: perhaps for it.</param>
/// <param name="RefersBack">The sentence names no movement itself and points at those before it ("together these movements …").</param>
public sealed record EmotionLink(int Sentence, int Emotion, IReadOnlyList<int> ActionUnits, ClaimPolarity Polarity, bool RefersBack);
