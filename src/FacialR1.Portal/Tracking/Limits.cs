namespace FacialR1.Portal.Tracking;

/// <summary>What one request may bring; MLflow's own limits.</summary>
internal static class Limits
{
    public const int LongestName = 250, LongestParam = 6000, LongestTag = 8000, MetricsPerBatch = 1000, ParamsPerBatch = 100, TagsPerBatch = 100;
    public const long LargestBody = 4 << 20;

    /// <exception cref="MlflowException">Something is missing or too long.</exception>
    public static IReadOnlyList<MlflowMetric> Checked(IReadOnlyList<MlflowMetric>? metrics)
    {
        Count(metrics, MetricsPerBatch, "metrics");
        foreach (var metric in metrics ?? []) Key(metric?.Key, "metrics");
        return metrics ?? [];
    }

    /// <exception cref="MlflowException">Something is missing or too long.</exception>
    public static IReadOnlyList<MlflowTag> Checked(IReadOnlyList<MlflowTag>? rows, int most, int longest, string what)
    {
        Count(rows, most, what);
        foreach (var row in rows ?? [])
        {
            Key(row?.Key, what);
            if (row!.Value is null) throw MlflowException.Invalid($"Missing value for parameter '{what}[].value' of '{row.Key}'.");
            if (row.Value.Length > longest) throw MlflowException.Invalid($"'{row.Key}' in {what} has {row.Value.Length} characters; at most {longest} are taken.");
        }

        return rows ?? [];
    }

    private static void Key(string? key, string what)
    {
        if (string.IsNullOrEmpty(key)) throw MlflowException.Invalid($"Missing value for required parameter '{what}[].key'.");
        if (key.Length > LongestName || key.Any(char.IsControl)) throw MlflowException.Invalid($"A key in {what} has at most {LongestName} characters and no control characters.");
    }

    private static void Count<T>(IReadOnlyList<T>? rows, int most, string what)
    {
        if (rows?.Count > most) throw MlflowException.Invalid($"A batch holds at most {most} {what}; this one has {rows.Count}.");
    }
}
