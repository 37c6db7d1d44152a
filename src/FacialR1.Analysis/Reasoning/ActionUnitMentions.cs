using System.Globalization;
using System.Text.RegularExpressions;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>Finds action unit numbers in all their spellings: AU12, AU 12, AU-12, au06, AU6+12, AU6/12, AUs: 6, 7 and 12, action units 6 &amp; 12.</summary>
internal static partial class ActionUnitMentions
{
    /// <summary>Characters after a number that can still change what it means: a third digit, a letter, "%" or ".5".</summary>
    internal const int LookAhead = 2;

    // Quantifiers are bounded so that no text can make the search slow.
    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(?:AUs?|action\s{1,3}units?)(?:\s{1,3}|\s?[-\u2010-\u2013_:]\s{0,2})?(?<first>[0-9]+)" +
        @"(?:(?:\s{0,3},\s{0,3}and\s{1,3}|\s{1,3}and\s{1,3}|\s{0,3}[,/+&]\s{0,3})(?<more>[0-9]{1,2})(?![\p{L}\p{N}%]|\.[0-9]))*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Spelling();

    /// <summary>All mentions inside <paramref name="within"/>, in reading order.</summary>
    public static List<ActionUnitMention> Find(string text, TextSpan within)
    {
        var mentions = new List<ActionUnitMention>();
        // Match on a slice by position, not a substring, so that spans need no correction; the end is enforced by the length argument.
        for (var match = Spelling().Match(text, within.Start, within.Length); match.Success; match = match.NextMatch())
        {
            var first = match.Groups["first"];
            mentions.Add(Mention(match.Index, first.Index + first.Length, first.ValueSpan));
            foreach (Capture more in match.Groups["more"].Captures)
                mentions.Add(Mention(more.Index, more.Index + more.Length, more.ValueSpan));
        }
        return mentions;
    }

    private static ActionUnitMention Mention(int start, int end, ReadOnlySpan<char> digits)
    {
        var number = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
        return new ActionUnitMention(start, end - start, number, ActionUnits.IsKnown(number));
    }
}
