using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Check;

/// <summary>Labels that come with a text, as people and files write them.</summary>
public static class FaceLabels
{
    private static readonly char[] Separators = [' ', ',', ';', '+'];

    /// <summary>Reads "AU6, AU12", "6+12" or "none"; null or white space: not annotated.</summary>
    /// <exception cref="FormatException">A piece is no known unit; the message says what is expected.</exception>
    public static IReadOnlyList<int>? Units(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        return [.. text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Unit).Distinct().Order()];
    }

    /// <summary>Reads a label or synonym; null or white space: unknown.</summary>
    /// <exception cref="FormatException">It is none of the labels.</exception>
    public static Emotion? Label(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : Emotions.TryParse(text, out var emotion) ? emotion : throw new FormatException($"\"{text}\" is none of the labels {Emotions.List(Emotions.All)}.");

    /// <summary>What is known of a face from its labels.</summary>
    public static FaceEvidence Evidence(IReadOnlyList<int>? present, IReadOnlyList<int>? annotated) =>
        present is null ? FaceEvidence.None : FaceEvidence.Annotated(present, annotated is null ? null : [.. annotated.Union(present)]);

    /// <summary>One line of a file of texts: a JSON string, or an object with <c>text</c> and, where known, <c>actionUnits</c>, <c>emotion</c> and a name.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static (string Text, IReadOnlyList<int>? Units, Emotion? Label, string? Name) Line(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (json.ValueKind == JsonValueKind.String) return (json.GetString()!, null, null, null);
            var text = Find("text") ?? Find("response") ?? Find("completion") ?? throw new FormatException("it has no \"text\".");
            IReadOnlyList<int>? units = json.TryGetProperty("actionUnits", out var codes) && codes.ValueKind == JsonValueKind.Array
                ? [.. codes.EnumerateArray().Select(code => Unit(code.ValueKind == JsonValueKind.String ? code.GetString()! : code.GetRawText())).Distinct().Order()] : null;
            return (text, units, Label(Find("emotion") ?? Find("label")), Find("sample") ?? Find("id") ?? Find("image"));

            string? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException("it is no JSON string or object.", error);
        }
    }

    private static int Unit(string code)
    {
        var digits = code.StartsWith("AU", StringComparison.OrdinalIgnoreCase) ? code.AsSpan(2) : code;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) && ActionUnits.IsKnown(unit)
            ? unit : throw new FormatException($"\"{code}\" is no known action unit. Write codes such as AU6, AU12, or none.");
    }
}
