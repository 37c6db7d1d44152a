using System.Globalization;

namespace FacialR1.Analysis.Reasoning;

/// <summary>
/// A response as the reference evaluation reads it: case-sensitive, codes only as "AU" directly followed by digits, the emotion as the first piece of
/// the answer without normalisation. Its blind spots ("AU 12", "Happiness") are kept on purpose.
/// </summary>
/// <param name="FormatOk">The text is a think block, white space, an answer block; nested and repeated tags are accepted.</param>
/// <param name="ActionUnits">Distinct numbers of the first think block (of the whole text if there is none), ascending.</param>
/// <param name="Emotion">First piece of the first answer block (of the whole text if there is none), split at commas, semicolons and white space; may be empty.</param>
public sealed record ReferenceReading(bool FormatOk, IReadOnlyList<int> ActionUnits, string Emotion)
{
    private static readonly char[] OtherSeparators = [',', ';', '，', '；'];

    internal static ReferenceReading Of(string text)
    {
        var reasoning = Block(text, ReasoningParser.ThinkOpen, ReasoningParser.ThinkClose) ?? text;
        var answer = Block(text, ReasoningParser.AnswerOpen, ReasoningParser.AnswerClose) ?? text;
        return new ReferenceReading(MatchesGrammar(text), Codes(reasoning), FirstPiece(answer));
    }

    private static bool MatchesGrammar(string text)
    {
        if (!text.StartsWith(ReasoningParser.ThinkOpen, StringComparison.Ordinal) || !text.EndsWith(ReasoningParser.AnswerClose, StringComparison.Ordinal)) return false;
        var lastAnswer = text.Length - ReasoningParser.AnswerClose.Length - ReasoningParser.AnswerOpen.Length;
        for (var close = text.IndexOf(ReasoningParser.ThinkClose, ReasoningParser.ThinkOpen.Length, StringComparison.Ordinal); close >= 0;
             close = text.IndexOf(ReasoningParser.ThinkClose, close + 1, StringComparison.Ordinal))
        {
            var answer = close + ReasoningParser.ThinkClose.Length;
            while (answer < text.Length && char.IsWhiteSpace(text[answer])) answer++;
            if (answer <= lastAnswer && text.AsSpan(answer).StartsWith(ReasoningParser.AnswerOpen, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private static string? Block(string text, string open, string close)
    {
        var start = text.IndexOf(open, StringComparison.Ordinal);
        if (start < 0) return null;
        start += open.Length;
        var end = text.IndexOf(close, start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..end];
    }

    private static List<int> Codes(string text)
    {
        var numbers = new SortedSet<int>();
        for (var at = text.IndexOf("AU", StringComparison.Ordinal); at >= 0; at = text.IndexOf("AU", at + 2, StringComparison.Ordinal))
        {
            var end = at + 2;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (int.TryParse(text.AsSpan(at + 2, end - at - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
        }
        return [.. numbers];
    }

    private static string FirstPiece(string answer)
    {
        static bool Separates(char c) => char.IsWhiteSpace(c) || OtherSeparators.Contains(c);
        var start = 0;
        while (start < answer.Length && Separates(answer[start])) start++;
        var end = start;
        while (end < answer.Length && !Separates(answer[end])) end++;
        return answer[start..end];
    }
}
