using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>
/// Reads responses of the form <c>&lt;think&gt;reasoning&lt;/think&gt; &lt;answer&gt;label&lt;/answer&gt;</c>. The one parser of rewards, filters,
/// evaluation and pages. No text makes it throw; what cannot be read is null, empty or flagged.
/// </summary>
public static class ReasoningParser
{
    /// <summary>Stored beside every score; changes when the same text would be read differently.</summary>
    /// <remarks>2: codes behind a colon ("Action units: 6, 12") are read. No text of the embedded models has one, so their scores are those of 1.</remarks>
    public const string Version = "reasoning-parser/2";

    internal const string ThinkOpen = "<think>", ThinkClose = "</think>", AnswerOpen = "<answer>", AnswerClose = "</answer>";

    private static readonly string[] Tags = [ThinkOpen, ThinkClose, AnswerOpen, AnswerClose];

    /// <summary>Reads a finished response.</summary>
    /// <remarks>
    /// Tags are found whatever their case, but only lower case is good format. Action units count inside the think block; a response without a
    /// think tag is read up to its answer, because a base model that ignores the format still makes claims.
    /// </remarks>
    public static ReasoningTrace Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, isComplete: true);
    }

    /// <summary>
    /// Reads a response that is still being written. What is reported stays: the mentions of a prefix are a prefix of the mentions of the whole
    /// text, so half-written tags and a number that may still grow ("AU1" of "AU12") are held back.
    /// </summary>
    public static ReasoningTrace ParsePrefix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, isComplete: false);
    }

    /// <summary>Reads a finished response the way the reference evaluation does; only for comparison with published tables.</summary>
    public static ReferenceReading StrictReference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ReferenceReading.Of(text);
    }

    private static ReasoningTrace Read(string text, bool isComplete)
    {
        var settled = isComplete ? text.Length : text.Length - HalfTagAtEnd(text);

        // The block ends at whichever tag comes first, so that no later character can move what was already read.
        var answerTag = Find(text, AnswerOpen, 0, settled);
        var thinkTag = Find(text, ThinkOpen, 0, answerTag >= 0 ? answerTag : settled);
        TextSpan? think = null;
        var thinkClose = -1;
        if (thinkTag >= 0)
        {
            var start = thinkTag + ThinkOpen.Length;
            thinkClose = Find(text, ThinkClose, start, answerTag >= 0 ? answerTag : settled);
            think = TextSpan.FromBounds(start, thinkClose >= 0 ? thinkClose : answerTag >= 0 ? answerTag : settled);
        }

        TextSpan? answer = null;
        var answerClose = -1;
        if (answerTag >= 0)
        {
            var start = answerTag + AnswerOpen.Length;
            answerClose = Find(text, AnswerClose, start, settled);
            answer = Trimmed(text, start, answerClose >= 0 ? answerClose : settled);
        }

        // Without any tag yet, a think block may still come and make everything before it count for nothing.
        var tagless = TextSpan.FromBounds(0, answerTag >= 0 ? answerTag : isComplete ? settled : 0);
        var claims = think ?? tagless;
        var mentions = ActionUnitMentions.Find(text, claims);
        if (!isComplete) mentions.RemoveAll(mention => mention.Span.End + ActionUnitMentions.LookAhead > text.Length);

        return new ReasoningTrace
        {
            Text = text,
            FormatOk = MatchesGrammar(text),
            Think = think,
            ClaimArea = claims,
            IsComplete = isComplete,
            IsThinkClosed = thinkClose >= 0,
            Answer = answer,
            IsAnswerClosed = answerClose >= 0,
            Emotion = answerClose >= 0 && answer is { } span && Emotions.TryParse(span.Of(text), out var emotion) ? emotion : null,
            Mentions = mentions,
            ActionUnits = [.. mentions.Where(mention => mention.IsKnown).Select(mention => mention.Number).Distinct().Order()],
        };
    }

    private static bool MatchesGrammar(string text)
    {
        if (!text.StartsWith(ThinkOpen, StringComparison.Ordinal) || !text.EndsWith(AnswerClose, StringComparison.Ordinal)) return false;
        if (Tags.Any(tag => Count(text, tag) != 1)) return false;

        var thinkEnd = text.IndexOf(ThinkClose, StringComparison.Ordinal);
        var answerStart = text.IndexOf(AnswerOpen, StringComparison.Ordinal);
        if (thinkEnd < ThinkOpen.Length || answerStart < thinkEnd + ThinkClose.Length) return false;
        var think = text.AsSpan(ThinkOpen.Length, thinkEnd - ThinkOpen.Length);
        var between = text.AsSpan((thinkEnd + ThinkClose.Length)..answerStart);
        var answer = text.AsSpan((answerStart + AnswerOpen.Length)..(text.Length - AnswerClose.Length));
        return !think.IsWhiteSpace() && between.IsWhiteSpace() && !answer.IsWhiteSpace();
    }

    private static int Count(string text, string tag)
    {
        var count = 0;
        for (var at = Find(text, tag, 0, text.Length); at >= 0; at = Find(text, tag, at + tag.Length, text.Length)) count++;
        return count;
    }

    private static int Find(string text, string tag, int from, int end) =>
        from >= end ? -1 : text.IndexOf(tag, from, end - from, StringComparison.OrdinalIgnoreCase);

    /// <summary>Length of the longest end of the text that is the start of a tag ("…&lt;/thi").</summary>
    private static int HalfTagAtEnd(string text)
    {
        var open = text.LastIndexOf('<');
        if (open < 0) return 0;
        var tail = text.AsSpan(open);
        foreach (var tag in Tags)
            if (tail.Length < tag.Length && tag.AsSpan().StartsWith(tail, StringComparison.OrdinalIgnoreCase)) return tail.Length;
        return 0;
    }

    private static TextSpan Trimmed(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (start < end && char.IsWhiteSpace(text[end - 1])) end--;
        return TextSpan.FromBounds(start, end);
    }
}
