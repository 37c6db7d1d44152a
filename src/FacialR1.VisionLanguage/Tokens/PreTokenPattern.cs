using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Cuts text into words, digits, punctuation and white space; merges never cross these cuts.</summary>
/// <remarks>
/// The pattern counts in code points, .NET's expressions in UTF-16 units, where a letter beyond U+FFFF is two surrogates and no letter at all.
/// So such text is matched through a copy in which each of those code points is one unit of the same general category.
/// </remarks>
internal sealed class PreTokenPattern
{
    /// <summary>The pattern of the Qwen2 family, as its tokenizer.json states it.</summary>
    public const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private readonly Regex regex;

    /// <exception cref="ArgumentException">The text is not a regular expression .NET can read.</exception>
    public PreTokenPattern(string pattern)
    {
        Source = pattern;
        regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled);
    }

    public string Source { get; }

    /// <summary>The ranges of the pieces, from left to right; together they cover the text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public List<Range> Split(string text)
    {
        var hasSurrogates = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;
        if (!hasSurrogates) return Pieces(text);

        var (copy, offsets) = OneUnitPerCodePoint(text);
        var pieces = Pieces(copy);
        for (var i = 0; i < pieces.Count; i++) pieces[i] = offsets[pieces[i].Start.Value]..offsets[pieces[i].End.Value];
        return pieces;
    }

    private List<Range> Pieces(ReadOnlySpan<char> text)
    {
        var pieces = new List<Range>();
        var position = 0;
        foreach (var match in regex.EnumerateMatches(text))
        {
            // What lies between two matches is a piece of its own (behaviour "Isolated").
            if (match.Index > position) pieces.Add(position..match.Index);
            if (match.Length > 0) pieces.Add(match.Index..(match.Index + match.Length));
            position = match.Index + match.Length;
        }
        if (position < text.Length) pieces.Add(position..text.Length);
        return pieces;
    }

    private static (string Copy, int[] Offsets) OneUnitPerCodePoint(string text)
    {
        var copy = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            copy.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            offsets.Add(offset);
            offset += rune.Utf16SequenceLength;
        }
        offsets.Add(offset);
        return (copy.ToString(), [.. offsets]);
    }

    /// <summary>A unit of the given category that no pattern names literally.</summary>
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u4E00',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u0488',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OpenPunctuation => '\u0F3A',
        UnicodeCategory.ClosePunctuation => '\u0F3B',
        UnicodeCategory.InitialQuotePunctuation => '\u00AB',
        UnicodeCategory.FinalQuotePunctuation => '\u00BB',
        UnicodeCategory.OtherPunctuation => '\u00A1',
        UnicodeCategory.MathSymbol => '\u00AC',
        UnicodeCategory.CurrencySymbol => '\u00A2',
        UnicodeCategory.ModifierSymbol => '\u00A8',
        UnicodeCategory.OtherSymbol => '\u00A9',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378',   // unassigned
    };
}
