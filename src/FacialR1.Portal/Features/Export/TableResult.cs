namespace FacialR1.Portal.Features.Export;

/// <summary>A table as a file in one of three formats.</summary>
public static class TableResult
{
    /// <summary>The endings that <see cref="Of"/> knows.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "jsonl", "parquet"];

    /// <summary>Writes the table while it is sent; null for an ending that is not known.</summary>
    public static IResult? Of(ExportTable table, string format)
    {
        (Func<ExportTable, Stream, CancellationToken, Task> Write, string Type)? file = format switch
        {
            "csv" => (CsvFile.WriteAsync, "text/csv; charset=utf-8"),
            "jsonl" => (JsonLinesFile.WriteAsync, "application/jsonl; charset=utf-8"),
            "parquet" => (ParquetFile.WriteAsync, "application/vnd.apache.parquet"),
            _ => null,
        };
        return file is not var (write, type) ? null : TypedResults.Stream(stream => write(table, stream, CancellationToken.None), type, $"{table.Name}.{format}");
    }
}
