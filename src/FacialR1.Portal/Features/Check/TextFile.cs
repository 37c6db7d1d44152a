using System.Text;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Check;

/// <summary>One line of a file of texts, checked.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Name">What the file calls it; null when it does not.</param>
/// <param name="Check">The check; null when the line cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record CheckedLine(int Line, string? Name, ReasoningCheck? Check, string? Problem)
{
    public string Title => Name ?? $"Line {Line}";
}

/// <summary>A JSONL file of texts that models or people wrote: <see cref="FaceLabels.Line"/> says what a line may hold.</summary>
public static class TextFile
{
    public const long LargestFile = 8 * 1024 * 1024;

    /// <summary>A circuit holds all of them; the command line takes any number.</summary>
    public const int MostTexts = 2_000;

    /// <summary>As long as a text that is pasted may be.</summary>
    private const int LongestText = 20_000;

    /// <summary>Checks each line that is not empty. A bad line gets a problem and stops nothing.</summary>
    /// <exception cref="FormatException">There is no text in it, or there are too many.</exception>
    public static IReadOnlyList<CheckedLine> Read(string content, AlignmentTables tables)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(tables);
        var lines = content.TrimStart('\uFEFF').Split('\n').Select((text, index) => (Text: text.Trim(), Number: index + 1)).Where(line => line.Text.Length > 0).ToArray();
        if (lines.Length == 0) throw new FormatException("The file is empty. Put one JSON string or object with \"text\" on each line.");
        if (lines.Length > MostTexts) throw new FormatException($"The file has {lines.Length} texts; this page takes {MostTexts}. Split it, or use “check --text file.jsonl” on the command line.");
        return [.. lines.Select(line => Check(line.Text, line.Number, tables))];
    }

    private static CheckedLine Check(string line, int number, AlignmentTables tables)
    {
        try
        {
            var (text, units, label, name) = FaceLabels.Line(line);
            if (text.Length > LongestText) throw new FormatException($"its text has {text.Length} characters; {LongestText} are the most.");
            return new CheckedLine(number, name, ReasoningCheck.Of(ClaimReader.Read(text), FaceLabels.Evidence(units, null), tables.Weights, tables.Prototypes, label), null);
        }
        catch (FormatException error)
        {
            return new CheckedLine(number, null, null, error.Message);
        }
    }

    /// <summary>Reads UTF-8; what is not becomes replacement characters.</summary>
    /// <exception cref="IOException">The file is larger than <see cref="LargestFile"/>.</exception>
    public static async Task<string> TextOfAsync(Stream file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
