using System.Globalization;
using FacialR1.Portal.Features.Training.Charts;

namespace FacialR1.Portal.Features.Training;

/// <summary>Addresses of the pages about runs.</summary>
public static class RunLinks
{
    public const string New = "/training/new";

    /// <summary>The form for a run of a command, filled in from a preset.</summary>
    public static string NewOf(string command, string preset) => $"{New}?command={Uri.EscapeDataString(command)}&preset={Uri.EscapeDataString(preset)}";
    public static string Run(string id) => $"/training/{Uri.EscapeDataString(id)}";
    public static string Rollouts(string id) => $"{Run(id)}/rollouts";
    public static string Rollouts(string id, string phase, long step) =>
        string.Create(CultureInfo.InvariantCulture, $"{Rollouts(id)}?{(phase.Length > 0 ? $"phase={Uri.EscapeDataString(phase)}&" : "")}step={step}");

    /// <summary>One completion, checked.</summary>
    /// <param name="number">From 1 within its group.</param>
    public static string Completion(string id, string phase, long step, string sample, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Rollouts(id)}/completion?phase={Uri.EscapeDataString(phase)}&step={step}&sample={Uri.EscapeDataString(sample)}&number={number}");

    public static string Synthesis(string id) => $"{Run(id)}/synthesis";
    public static string Photo(string id, string image) => $"/api/runs/{Uri.EscapeDataString(id)}/photos?image={Uri.EscapeDataString(image)}";

    /// <summary>All given series of a phase as a CSV file.</summary>
    public static string Csv(string id, string phase, IEnumerable<string> series) =>
        $"/api/runs/{Uri.EscapeDataString(id)}/series.csv?phase={Uri.EscapeDataString(phase)}{string.Concat(series.Select(name => $"&series={Uri.EscapeDataString(name)}"))}";
}

/// <summary>How the curves of a run are looked at; the query of its page.</summary>
/// <param name="Phase">Null for the present one.</param>
/// <param name="Smoothing">0 to 0.99.</param>
/// <param name="Range">Null for everything.</param>
/// <param name="Others">Runs drawn beside it, at most <see cref="MostOthers"/>.</param>
public sealed record ChartSettings(string? Phase, ChartAxis Axis, double Smoothing, ChartRange? Range, IReadOnlyList<string> Others)
{
    public const int MostOthers = 5;
    public const double UsualSmoothing = 0.6;

    /// <summary>Reads a query; what makes no sense in it falls back to the usual.</summary>
    public static ChartSettings Parse(string? phase, string? axis, string? smooth, string? from, string? to, string? others)
    {
        var (left, right) = (Number(from), Number(to));
        return new ChartSettings(
            string.IsNullOrEmpty(phase) ? null : phase,
            string.Equals(axis, "time", StringComparison.OrdinalIgnoreCase) ? ChartAxis.Time : ChartAxis.Step,
            Number(smooth) is { } weight ? Math.Clamp(weight, 0, 0.99) : UsualSmoothing,
            left is { } low && right is { } high && high > low ? new ChartRange(low, high) : null,
            [.. (others ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(MostOthers)]);
    }

    /// <summary>The query values; null for what is usual.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["phase"] = Phase,
        ["axis"] = Axis == ChartAxis.Time ? "time" : null,
        ["smooth"] = Math.Abs(Smoothing - UsualSmoothing) < 1e-9 ? null : Smoothing.ToString("0.##", CultureInfo.InvariantCulture),
        ["from"] = Range?.From.ToString("0.###", CultureInfo.InvariantCulture),
        ["to"] = Range?.To.ToString("0.###", CultureInfo.InvariantCulture),
        ["with"] = Others.Count == 0 ? null : string.Join(',', Others),
    };

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
