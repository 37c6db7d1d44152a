using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Probing;

/// <summary>A response put into the model's mouth before a face: it is read, not written (teacher forcing).</summary>
/// <param name="Face">The face as the model sees it.</param>
/// <param name="Text">The response or its beginning; not empty. Special tokens written out in it are plain text.</param>
public sealed record ForcedText(RgbImage Face, string Text);

/// <summary>One token of a forced text.</summary>
/// <param name="Span">The characters it stands for; empty where it is only a part of one.</param>
/// <param name="LogProbability">Natural log of its probability given the face and all before it.</param>
public readonly record struct ForcedToken(TextSpan Span, double LogProbability);

/// <summary>How likely a model finds a forced text, token by token.</summary>
/// <param name="Tokens">In order; together they cover the text.</param>
/// <param name="EmotionProbabilities">Where the text ends with an opened answer tag: the probability of each emotion there, summing to 1. Else empty.</param>
public sealed record ForcedReading(IReadOnlyList<ForcedToken> Tokens, IReadOnlyDictionary<Emotion, double> EmotionProbabilities)
{
    /// <summary>Log-probability of the words of a span given all before them: the sum over the tokens that reach into it. 0 for an empty span.</summary>
    public double LogProbabilityOf(TextSpan span) => Tokens.Where(token => token.Span.Start < span.End && token.Span.End > span.Start).Sum(token => token.LogProbability);
}
