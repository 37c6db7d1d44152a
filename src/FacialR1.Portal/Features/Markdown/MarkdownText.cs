using System.Text.RegularExpressions;

namespace FacialR1.Portal.Features.Markdown;

/// <summary>
/// Reads the part of Markdown that model cards use: headings, paragraphs, flat lists, tables, fenced code, bold, emphasis, code and web links.
/// Everything else, HTML included, is text. Never throws.
/// </summary>
public static partial class MarkdownText
{
    public static IReadOnlyList<MarkdownBlock> Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var blocks = new List<MarkdownBlock>();
        var at = FrontMatterEnd(lines);
        while (at < lines.Length)
        {
            var line = lines[at].Trim();
            if (line.Length == 0) at++;
            else if (line.StartsWith("```", StringComparison.Ordinal)) blocks.Add(TakeCode(lines, ref at));
            else if (Heading().Match(line) is { Success: true } heading)
            {
                blocks.Add(new HeadingBlock(heading.Groups[1].Length, Spans(heading.Groups[2].Value)));
                at++;
            }
            else if (IsTableStart(lines, at)) blocks.Add(TakeTable(lines, ref at));
            else if (Item().IsMatch(lines[at])) blocks.Add(TakeList(lines, ref at));
            else blocks.Add(TakeParagraph(lines, ref at));
        }
        return blocks;
    }

    // Hugging Face cards begin with YAML between two lines of dashes; it is for machines.
    private static int FrontMatterEnd(string[] lines)
    {
        if (lines[0].Trim() != "---") return 0;
        var end = Array.FindIndex(lines, 1, line => line.Trim() == "---");
        return end < 0 ? 0 : end + 1;
    }

    private static CodeBlock TakeCode(string[] lines, ref int at)
    {
        var start = ++at;
        while (at < lines.Length && !lines[at].TrimStart().StartsWith("```", StringComparison.Ordinal)) at++;
        var code = string.Join('\n', lines[start..at]);
        at++;
        return new CodeBlock(code);
    }

    private static bool IsTableStart(string[] lines, int at) =>
        lines[at].TrimStart().StartsWith('|') && at + 1 < lines.Length && TableRule().IsMatch(lines[at + 1]);

    private static TableBlock TakeTable(string[] lines, ref int at)
    {
        var header = Cells(lines[at]);
        var rows = new List<IReadOnlyList<IReadOnlyList<MarkdownSpan>>>();
        for (at += 2; at < lines.Length && lines[at].TrimStart().StartsWith('|'); at++)
            rows.Add([.. Cells(lines[at]).Take(header.Count)]);
        return new TableBlock(header, rows);
    }

    private static IReadOnlyList<IReadOnlyList<MarkdownSpan>> Cells(string line) =>
        [.. line.Trim().Trim('|').Split('|').Select(cell => Spans(cell.Trim()))];

    private static ListBlock TakeList(string[] lines, ref int at)
    {
        var isNumbered = char.IsAsciiDigit(lines[at].TrimStart()[0]);
        var items = new List<string>();
        for (; at < lines.Length && lines[at].Trim().Length > 0; at++)
        {
            if (Item().Match(lines[at]) is { Success: true } item) items.Add(item.Groups[1].Value);
            else if (lines[at].StartsWith(' ')) items[^1] += " " + lines[at].Trim();   // the item goes on in the next line
            else break;
        }
        return new ListBlock(isNumbered, [.. items.Select(Spans)]);
    }

    private static ParagraphBlock TakeParagraph(string[] lines, ref int at)
    {
        var start = at++;
        while (at < lines.Length && lines[at].Trim() is { Length: > 0 } line
            && !line.StartsWith("```", StringComparison.Ordinal) && !Heading().IsMatch(line) && !IsTableStart(lines, at) && !Item().IsMatch(lines[at])) at++;
        return new ParagraphBlock(Spans(string.Join(' ', lines[start..at].Select(line => line.Trim()))));
    }

    internal static IReadOnlyList<MarkdownSpan> Spans(string text)
    {
        var spans = new List<MarkdownSpan>();
        var at = 0;
        foreach (Match match in Inline().Matches(text))
        {
            if (match.Index > at) spans.Add(new MarkdownSpan(text[at..match.Index]));
            spans.Add(match switch
            {
                _ when match.Groups["code"] is { Success: true } code => new MarkdownSpan(code.Value, MarkdownLook.Code),
                _ when match.Groups["strong"] is { Success: true } strong => new MarkdownSpan(strong.Value, MarkdownLook.Strong),
                _ when match.Groups["link"] is { Success: true } link => new MarkdownSpan(match.Groups["words"].Value, MarkdownLook.Plain, link.Value),
                _ => new MarkdownSpan(match.Groups["emphasis"].Value, MarkdownLook.Emphasis),
            });
            at = match.Index + match.Length;
        }
        if (at < text.Length) spans.Add(new MarkdownSpan(text[at..]));
        return spans;
    }

    [GeneratedRegex(@"^(#{1,6})\s+(.*?)\s*#*$", RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+(.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex TableRule();

    // Only http and https: a card may not carry script or file addresses.
    [GeneratedRegex(@"`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*|\[(?<words>[^\[\]]+)\]\((?<link>https?://[^\s()]+)\)|\*(?<emphasis>[^*\s][^*]*)\*", RegexOptions.NonBacktracking)]
    private static partial Regex Inline();
}
