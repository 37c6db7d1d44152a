using System.Text.Json;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Numbers that others published, for reference only: shown as published, never beside ours in one column.</summary>
/// <param name="Version">Of the file.</param>
/// <param name="Source">Where they were published.</param>
/// <param name="Note">What a reader must know.</param>
public sealed record PublishedTables(int Version, string Source, string Note, IReadOnlyList<PublishedTable> Tables)
{
    private static readonly Lazy<PublishedTables> Read = new(() =>
    {
        using var file = typeof(PublishedTables).Assembly.GetManifestResourceStream("facial-r1-tables.json")!;
        return JsonSerializer.Deserialize<PublishedTables>(file, JsonSerializerOptions.Web)!;
    });

    /// <summary>data/published/facial-r1-tables.json, as built in.</summary>
    public static PublishedTables FacialR1 => Read.Value;
}

/// <summary>One table.</summary>
/// <param name="Number">In the paper.</param>
/// <param name="Columns">Data sets, or data set and measure.</param>
public sealed record PublishedTable(int Number, string Measure, IReadOnlyList<string> Columns, IReadOnlyList<PublishedRow> Rows);

/// <summary>One method.</summary>
/// <param name="Group">zero-shot, fine-tuned or the paper's own.</param>
/// <param name="Values">One per column, as printed; null where the table has none.</param>
/// <param name="Rerun">Columns for which the paper's authors ran the method themselves.</param>
public sealed record PublishedRow(string Method, string Group, IReadOnlyList<double?> Values, IReadOnlyList<string>? Rerun = null);
