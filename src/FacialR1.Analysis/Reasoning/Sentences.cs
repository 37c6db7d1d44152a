namespace FacialR1.Analysis.Reasoning;

/// <summary>Splits a text into sentences, looking only backward and one character ahead, so that what has ended stays ended while a text grows.</summary>
internal static class Sentences
{
    /// <summary>A sentence without end is cut after this many characters, at the next sign or at the second number at the latest, so that work grows with the text.</summary>
    private const int LongEnough = 1_200, Longest = 2_000;

    private static readonly string[] Abbreviations = ["e.g", "i.e", "approx", "vs", "cf"];

    /// <summary>Sentences without the white space around them; a line break ends one, and so does a list bullet's line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="area">The part to split.</param>
    /// <param name="isOpen">More may follow: the last sentence is left out unless its end has been seen.</param>
    public static List<TextSpan> Split(string text, TextSpan area, bool isOpen)
    {
        var sentences = new List<TextSpan>();
        var start = area.Start;
        for (var at = area.Start; at < area.End; at++)
        {
            if (text[at] is '\n' or '\r') Close(at);
            else if (text[at] is '.' or '!' or '?' && at + 1 < area.End && char.IsWhiteSpace(text[at + 1]) && !IsAbbreviation(text, start, at)) Close(at + 1);
            else if (at - start >= LongEnough && (!char.IsLetterOrDigit(text[at]) || at - start >= Longest)) Close(at);
        }

        if (!isOpen) Close(area.End);
        return sentences;

        void Close(int end)
        {
            // A code at the very end ("AU1") may still grow; with two characters behind it, it cannot.
            if (isOpen && end + ActionUnitMentions.LookAhead > area.End) return;
            var (from, to) = (start, end);
            while (from < to && char.IsWhiteSpace(text[from])) from++;
            while (from < to && char.IsWhiteSpace(text[to - 1])) to--;
            if (from < to) sentences.Add(TextSpan.FromBounds(from, to));
            start = end;
        }
    }

    private static bool IsAbbreviation(string text, int start, int dot)
    {
        if (text[dot] != '.') return false;
        var word = dot;
        while (word > start && (char.IsLetter(text[word - 1]) || text[word - 1] == '.') && dot - word < 8) word--;
        var letters = text.AsSpan(word, dot - word);
        foreach (var abbreviation in Abbreviations)
            if (letters.Equals(abbreviation, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
