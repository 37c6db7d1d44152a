using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Faithfulness;

/// <summary>A reasoning changed in one place, up to where the model is to write on.</summary>
/// <param name="Beginning">The response so far, ready to be continued: no white space at its end.</param>
/// <param name="Kept">Sentences behind the change that were kept as they are.</param>
/// <remarks>
/// Sentences behind the change stay up to the first that names an emotion: that one is a conclusion, and a model that finds its conclusion already written would only copy it.
/// </remarks>
public sealed record ReasoningEdit(string Beginning, int Kept)
{
    /// <summary>Leaves a sentence out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sentence.</exception>
    public static ReasoningEdit Without(ReasoningClaims reading, int sentence) => Replace(reading, sentence, "");

    /// <summary>Puts other words in the place of a sentence; empty words leave it out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sentence.</exception>
    public static ReasoningEdit Replace(ReasoningClaims reading, int sentence, string words)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentOutOfRangeException.ThrowIfNegative(sentence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sentence, reading.Sentences.Count);
        var text = reading.Trace.Text;
        var end = sentence;
        while (end + 1 < reading.Sentences.Count && !NamesEmotion(reading, end + 1)) end++;

        var before = text[..reading.Sentences[sentence].Start];
        var after = end == sentence ? "" : text[reading.Sentences[sentence].End..reading.Sentences[end].End];
        words = words.Trim();
        // A sentence left out takes the white space behind it along.
        var beginning = before + words + (words.Length == 0 ? after.TrimStart() : after);
        return new ReasoningEdit(beginning.TrimEnd(), end - sentence);
    }

    /// <summary>Puts another unit in the place of a claimed one, as a plain description with its code.</summary>
    /// <param name="reading">What the text claims.</param>
    /// <param name="claim">Position in <see cref="ReasoningClaims.Claims"/>.</param>
    /// <param name="unit">A known unit. The claimed unit itself gives a paraphrase: the control for such a change.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such claim or unit.</exception>
    public static ReasoningEdit Exchange(ReasoningClaims reading, int claim, int unit)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentOutOfRangeException.ThrowIfNegative(claim);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(claim, reading.Claims.Count);
        if (!ActionUnits.TryGet(unit, out var other)) throw new ArgumentOutOfRangeException(nameof(unit), unit, "There is no such action unit.");

        var text = reading.Trace.Text;
        var sentence = reading.Sentences[reading.Claims[claim].Sentence];
        var whole = WholeOf(reading, claim);
        var isFirst = text.AsSpan(sentence.Start, whole.Start - sentence.Start).Trim().IsEmpty;
        var words = $"{(isFirst ? char.ToUpperInvariant(other.Description[0]) : other.Description[0])}{other.Description[1..]} ({other.Code})";
        return Replace(reading, reading.Claims[claim].Sentence, string.Concat(text.AsSpan(sentence.Start, whole.Start - sentence.Start), words, text.AsSpan(whole.End, sentence.End - whole.End)));
    }

    /// <summary>Leaves one claim out: its words and the sign or "and" that joined them to their neighbours. A sentence of which only signs and joining words are left goes too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such claim.</exception>
    public static ReasoningEdit WithoutClaim(ReasoningClaims reading, int claim)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentOutOfRangeException.ThrowIfNegative(claim);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(claim, reading.Claims.Count);
        var text = reading.Trace.Text;
        var sentence = reading.Sentences[reading.Claims[claim].Sentence];
        var whole = WholeOf(reading, claim);
        var (before, after) = (text[sentence.Start..whole.Start], text[whole.End..sentence.End]);
        if (Joint(after) is { } next) after = after[next..];
        else if (JointAtEnd(before) is { } joint) before = before[..joint];
        var left = (before + after).Trim();
        if (before.Trim().Length == 0 && left.Length > 0) left = char.ToUpperInvariant(left[0]) + left[1..];
        return Replace(reading, reading.Claims[claim].Sentence, left.Any(char.IsLetter) && reading.Claims.Count(one => one.Sentence == reading.Claims[claim].Sentence) > 1 ? left : "");
    }

    private static readonly string[] Joints = ["; and ", ", and ", " and ", "; ", ", "];

    /// <summary>A claim's span leaves out its article and, around a code, the closing bracket; both belong to it.</summary>
    private static TextSpan WholeOf(ReasoningClaims reading, int claim)
    {
        var (text, span) = (reading.Trace.Text, reading.Claims[claim].Span);
        var sentence = reading.Sentences[reading.Claims[claim].Sentence];
        var (start, end) = (span.Start, span.End);
        if (start - sentence.Start >= 4 && text.AsSpan(start - 4, 4).Equals("the ", StringComparison.OrdinalIgnoreCase)) start -= 4;
        if (end < sentence.End && text[end] == ')' && text.AsSpan(start, end - start).Count('(') > text.AsSpan(start, end - start).Count(')')) end++;
        return TextSpan.FromBounds(start, end);
    }

    private static int? Joint(string text) => Joints.Where(joint => text.StartsWith(joint, StringComparison.Ordinal)).Select(joint => (int?)joint.Length).FirstOrDefault();

    private static int? JointAtEnd(string text) => Joints.Where(joint => text.EndsWith(joint, StringComparison.Ordinal)).Select(joint => (int?)(text.Length - joint.Length)).FirstOrDefault();

    /// <summary>
    /// The unit that makes the plainest mistake in a reasoning for this answer: of those with weights that are not claimed, the one that argues most against it.
    /// Null when there is none that argues against.
    /// </summary>
    public static int? Mistake(ReasoningClaims reading, Emotion answer, PmiTable weights)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(weights);
        var claimed = reading.Claims.Select(claim => claim.ActionUnit).ToHashSet();
        var against = weights.ActionUnits.Where(unit => !claimed.Contains(unit) && ActionUnits.IsKnown(unit) && weights.Weight(unit, answer) < 0)
            .OrderBy(unit => weights.Weight(unit, answer)).ThenBy(unit => unit).ToArray();
        return against.Length == 0 ? null : against[0];
    }

    private static bool NamesEmotion(ReasoningClaims reading, int sentence)
    {
        var span = reading.Sentences[sentence];
        return reading.Emotions.Any(mention => mention.Span.Start >= span.Start && mention.Span.End <= span.End);
    }
}
