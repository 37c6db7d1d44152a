using System.Globalization;
using System.Text;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Comparisons for other programs: <c>GET /api/comparisons.json?of=…&amp;of=…</c> and the samples behind it as CSV.</summary>
public static class ComparisonEndpoints
{
    public static string JsonLink(IEnumerable<string> ids) => $"/api/comparisons.json?{Query(ids)}";

    public static string CsvLink(IEnumerable<string> ids) => $"/api/comparisons/samples.csv?{Query(ids)}";

    public static void MapComparisons(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/comparisons.json", (string[] of, EvaluationFiles files) => Answer(of, files, comparison => TypedResults.Text(comparison.ToJson(), "application/json")));
        endpoints.MapGet("/api/comparisons/samples.csv", (string[] of, EvaluationFiles files) => Answer(of, files, comparison => TypedResults.File(Encoding.UTF8.GetBytes(Csv(comparison)), "text/csv", "samples.csv")));
    }

    /// <summary>One line per sample and model. Text that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    public static string Csv(PairedComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var text = new StringBuilder("sample,model,label,answer,right,labelled_aus,claimed_aus,tokens,text\r\n");
        foreach (var set in comparison.Aligned)
            foreach (var row in set.Rows)
                text.AppendJoin(',', (string[])
                [
                    Cell(row.Sample), Cell(set.Name), Cell(row.Reading.Labels.Emotion?.Name() ?? ""), Cell(row.Reading.Emotion?.Name() ?? ""), row.IsRight is { } right ? right ? "1" : "0" : "",
                    Cell(string.Join(' ', (row.Reading.Labels.ActionUnits ?? []).Order().Select(ActionUnit.CodeOf))), Cell(string.Join(' ', row.Reading.MentionedActionUnits.Select(ActionUnit.CodeOf))),
                    row.Tokens.ToString(CultureInfo.InvariantCulture), Cell(row.Text),
                ]).Append("\r\n");
        return text.ToString();
    }

    internal static string Cell(string value)
    {
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task<IResult> Answer(string[] of, EvaluationFiles files, Func<PairedComparison, IResult> answer)
    {
        if (of.Length is < 2 or > PairedComparison.MostModels) return TypedResults.Text($"Name two to {PairedComparison.MostModels} results: ?of=one&of=other", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            return answer(await files.CompareAsync(of));
        }
        catch (Exception error) when (error is DataFormatException or ArgumentException)
        {
            return TypedResults.Text(error.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }

    private static string Query(IEnumerable<string> ids) => string.Join('&', ids.Select(id => $"of={Uri.EscapeDataString(id)}"));
}
