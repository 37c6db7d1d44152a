using System.Globalization;
using System.Text;

namespace FacialR1.Portal.Features.Export;

/// <summary>Comma-separated values (RFC 4180), numbers invariant, text that a spreadsheet would take for a formula behind an apostrophe.</summary>
public static class CsvFile
{
    public static async Task WriteAsync(ExportTable table, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync(string.Join(',', table.Columns.Select(column => Cell(column.Name))) + "\r\n");
        foreach (var row in table.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteAsync(string.Join(',', row.Select(Value)) + "\r\n");
        }
    }

    /// <summary>A value of a cell.</summary>
    internal static string Value(object? value) => value switch
    {
        null => "",
        string text => Cell(text),
        bool flag => flag ? "1" : "0",
        // What cannot be parsed again as the same number is no export.
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => Cell(value.ToString() ?? ""),
    };

    internal static string Cell(string value)
    {
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
