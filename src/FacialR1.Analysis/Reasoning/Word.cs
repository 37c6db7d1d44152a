namespace FacialR1.Analysis.Reasoning;

/// <summary>A word, number, code or punctuation mark of a sentence.</summary>
/// <param name="Start">Index in the text.</param>
/// <param name="End">Index after the last character.</param>
/// <param name="Text">In lower case, with a straight apostrophe.</param>
/// <param name="Code">Position of the mention in the list it came from; −1 for anything but a code.</param>
internal readonly record struct Word(int Start, int End, string Text, int Code = -1)
{
    public bool IsCode => Code >= 0;

    public bool Is(string text) => Text == text;

    /// <summary>Words of one sentence. Codes are one word each; a hyphen separates words ("sucked-in").</summary>
    /// <param name="text">The text.</param>
    /// <param name="sentence">The part to read.</param>
    /// <param name="mentions">All code mentions of the text.</param>
    /// <param name="next">Position of the first mention that may lie in the sentence; moved past it.</param>
    public static List<Word> Of(string text, TextSpan sentence, IReadOnlyList<ActionUnitMention> mentions, ref int next)
    {
        var words = new List<Word>();
        // A code broken by a sentence's end ("AU" at the end of a line, "12" on the next) belongs to the sentence in which it ends.
        while (next < mentions.Count && mentions[next].Span.End <= sentence.Start) next++;
        for (var at = sentence.Start; at < sentence.End;)
        {
            var hasCode = next < mentions.Count && mentions[next].Span.End <= sentence.End;
            if (hasCode && at >= mentions[next].Start)
            {
                var end = mentions[next].Span.End;
                words.Add(new Word(mentions[next].Start, end, "", next++));
                at = end;
                continue;
            }

            var limit = hasCode ? mentions[next].Start : sentence.End;
            var start = at;
            if (char.IsLetter(text[at]))
            {
                while (at < limit && (char.IsLetter(text[at]) || IsApostropheInside(text, at, limit))) at++;
                words.Add(new Word(start, at, text[start..at].Replace('\u2019', '\'').ToLowerInvariant()));
            }
            else if (char.IsAsciiDigit(text[at]))
            {
                while (at < limit && char.IsAsciiDigit(text[at])) at++;
                words.Add(new Word(start, at, text[start..at]));
            }
            else
            {
                at++;
                // A hyphen between letters only joins words.
                if (!char.IsWhiteSpace(text[start]) && !(text[start] is '-' or '\u2010' or '\u2011' && at < limit && start > sentence.Start && char.IsLetter(text[start - 1]) && char.IsLetter(text[at])))
                    words.Add(new Word(start, at, text[start] is '\u2013' or '\u2014' ? "-" : text[start..at]));
            }
        }

        return words;
    }

    private static bool IsApostropheInside(string text, int at, int limit) =>
        text[at] is '\'' or '\u2019' && at + 1 < limit && char.IsLetter(text[at + 1]);
}
