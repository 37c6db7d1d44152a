using Parquet;
using Parquet.Schema;

namespace FacialR1.Portal.Features.Export;

/// <summary>Apache Parquet, every column nullable: text, 64-bit whole numbers, doubles, booleans.</summary>
public static class ParquetFile
{
    private const int RowsPerGroup = 10_000;   // what is held in memory at once

    public static async Task WriteAsync(ExportTable table, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        DataField[] fields = [.. table.Columns.Select(column => new DataField(column.Name, TypeOf(column.Kind), isNullable: true))];
        // The format ends with what it has counted, and asks where it is: a response cannot say.
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields.Cast<Field>().ToArray()), file, cancellationToken: cancellationToken))
        {
            foreach (var rows in table.Rows.Chunk(RowsPerGroup))
            {
                using var group = writer.CreateRowGroup();
                for (var column = 0; column < fields.Length; column++)
                {
                    var at = column;
                    var values = rows.Select(row => row[at]);
                    switch (table.Columns[column].Kind)
                    {
                        case ExportKind.Whole: await group.WriteAsync<long>(fields[column], values.Select(value => value is null ? (long?)null : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)).ToArray(), cancellationToken: cancellationToken); break;
                        case ExportKind.Number: await group.WriteAsync<double>(fields[column], values.Select(value => (double?)value).ToArray(), cancellationToken: cancellationToken); break;
                        case ExportKind.Flag: await group.WriteAsync<bool>(fields[column], values.Select(value => (bool?)value).ToArray(), cancellationToken: cancellationToken); break;
                        default: await group.WriteAsync(fields[column], values.Select(value => (string?)value).ToArray()!); break;
                    }
                }
            }
        }
        file.Position = 0;
        await file.CopyToAsync(stream, cancellationToken);
    }

    private static Type TypeOf(ExportKind kind) => kind switch
    {
        ExportKind.Whole => typeof(long),
        ExportKind.Number => typeof(double),
        ExportKind.Flag => typeof(bool),
        _ => typeof(string),
    };
}
