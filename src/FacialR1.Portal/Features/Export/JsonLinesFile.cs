using System.Text.Encodings.Web;
using System.Text.Json;

namespace FacialR1.Portal.Features.Export;

/// <summary>One JSON object per line; what is not there is null.</summary>
public static class JsonLinesFile
{
    // "<think>" stays readable; the file is never part of a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(ExportTable table, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        foreach (var row in table.Rows)
        {
            using var line = new MemoryStream();
            await using (var json = new Utf8JsonWriter(line, Options))
            {
                json.WriteStartObject();
                for (var column = 0; column < row.Length; column++)
                {
                    json.WritePropertyName(table.Columns[column].Name);
                    switch (row[column])
                    {
                        case string text: json.WriteStringValue(text); break;
                        case bool flag: json.WriteBooleanValue(flag); break;
                        case int whole: json.WriteNumberValue(whole); break;
                        case long whole: json.WriteNumberValue(whole); break;
                        case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
                        default: json.WriteNullValue(); break;
                    }
                }
                json.WriteEndObject();
            }
            line.WriteByte((byte)'\n');
            line.Position = 0;
            await line.CopyToAsync(stream, cancellationToken);
        }
    }
}
