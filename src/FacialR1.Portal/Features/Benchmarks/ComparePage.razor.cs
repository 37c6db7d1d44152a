using FacialR1.Analysis.Comparison;
using FacialR1.Training.Data;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Two to four results on the same samples. Everything chosen here is in the link.</summary>
public sealed partial class ComparePage : ComponentBase
{
    private const int PageSize = 20;
    private PairedComparison? comparison;
    private string? problem, shown;
    private IReadOnlyList<(ResultRow Earlier, ResultRow Later, SampleChange Change)> samples = [];

    [Inject] public required EvaluationFiles Files { get; init; }

    /// <summary>Ids of results, from the earlier stage to the later.</summary>
    [SupplyParameterFromQuery] public string[] Of { get; set; } = [];

    /// <summary>Which two of more than two, "earlier~later"; the first and the last when absent.</summary>
    [SupplyParameterFromQuery] public string? Pair { get; set; }
    [SupplyParameterFromQuery] public string? Change { get; set; }
    [SupplyParameterFromQuery(Name = "page")] public int? PageNumber { get; set; }

    private string EarlierName { get; set; } = "";
    private string LaterName { get; set; } = "";
    private int Page => Math.Max(1, PageNumber ?? 1);
    private SampleChange Chosen => Enum.TryParse<SampleChange>(Change, ignoreCase: true, out var change) && SampleChanges.All.Contains(change) ? change : SampleChange.None;

    private string Summary => comparison is null
        ? problem is null ? "Comparing…" : ""
        : FormattableString.Invariant($"{string.Join(", ", comparison.Names)}: n = {comparison.N} samples that all answered, {comparison.Resamples} resamples, seed {comparison.Seed}");

    private IEnumerable<(string Earlier, string Later)> Pairs =>
        from earlier in Enumerable.Range(0, comparison!.Names.Count) from later in Enumerable.Range(earlier + 1, comparison.Names.Count - earlier - 1)
        select (comparison.Names[earlier], comparison.Names[later]);

    protected override async Task OnParametersSetAsync()
    {
        var asked = string.Join('\n', Of);
        if (asked != shown)
        {
            (shown, comparison, problem) = (asked, null, null);
            if (Of.Length is < 2 or > PairedComparison.MostModels)
            {
                problem = $"Choose two to {PairedComparison.MostModels} results of one benchmark on the page Benchmarks.";
                return;
            }

            try
            {
                comparison = await Files.CompareAsync(Of);
            }
            catch (Exception error) when (error is DataFormatException or ArgumentException or IOException)
            {
                problem = error.Message;
                return;
            }
        }

        if (comparison is null) return;
        (EarlierName, LaterName) = Pair?.Split('~') is [var earlier, var later] && Pairs.Contains((earlier, later)) ? (earlier, later) : (comparison.Names[0], comparison.Names[^1]);
        var (before, after) = (comparison.Aligned.First(set => set.Name == EarlierName), comparison.Aligned.First(set => set.Name == LaterName));
        samples = [.. before.Rows.Zip(after.Rows, (first, second) => (first, second, SampleChanges.Of(first, second))).Where(row => Chosen == SampleChange.None || row.Item3.HasFlag(Chosen))];
    }

    private bool IsPair(string earlier, string later) => earlier == EarlierName && later == LaterName;

    private double? ValueOf(ComparedMeasure measure, string name) => measure.Values[comparison!.Names.ToList().IndexOf(name)]?.Value;

    private string Link(string? pair = null, SampleChange? change = null, int? page = null)
    {
        var link = ResultText.CompareLink(Of);
        if ((pair ?? Pair) is { } both) link += $"&pair={Uri.EscapeDataString(both)}";
        if ((change ?? Chosen) is var wanted && wanted != SampleChange.None) link += FormattableString.Invariant($"&change={wanted}");
        if (page is { } number) link += FormattableString.Invariant($"&page={number}");
        return pair is null ? link + "#samples" : link;
    }
}
