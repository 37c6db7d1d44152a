using FacialR1.Analysis.Comparison;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Training.Data;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Features.Compare;

/// <summary>Two to four results on the same samples. Everything chosen here is in the link.</summary>
public sealed partial class ComparePage : ComponentBase, IAsyncDisposable
{
    private static readonly (SampleOrder Order, string Words)[] AscendingOrders =
    [
        (SampleOrder.Benchmark, "as in the benchmark"), (SampleOrder.Gain, "most lost first"), (SampleOrder.UnitF1, "AU F1 most lost first"), (SampleOrder.Confidence, "probability most fallen first"), (SampleOrder.Text, "fewest words changed first"),
    ];

    private static readonly (SampleOrder Order, string Words)[] DescendingOrders =
    [
        (SampleOrder.Gain, "most gained first"), (SampleOrder.UnitF1, "AU F1 most gained first"), (SampleOrder.Confidence, "probability most risen first"), (SampleOrder.Text, "most words changed first"),
    ];

    private CompareQuery query = new();
    private ComparisonView? view;
    private string? problem, search, reveal;
    private IJSObjectReference? script, keys;
    private DotNetObjectReference<ComparePage>? self;

    [Inject] public required Comparisons Comparisons { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IJSRuntime Browser { get; init; }

    private string Summary => view is null
        ? problem is null && query.Of.Count > 0 ? "Comparing…" : ""
        : FormattableString.Invariant($"{string.Join(", ", view.Comparison.Names)}: n = {view.Comparison.N} samples that all answered{Subjects}, {view.Comparison.Resamples} resamples, seed {view.Comparison.Seed}{Dropped}");

    private string Subjects => view!.Comparison.Subjects is { } subjects ? FormattableString.Invariant($" ({subjects} subjects, resampled together)") : "";

    private string Dropped => string.Concat(view!.Comparison.Dropped.Where(drop => drop.Samples > 0).Select(drop => FormattableString.Invariant($"; {drop.Samples} of {drop.Name} left out")));

    private IEnumerable<(int Earlier, int Later)> Pairs =>
        from earlier in Enumerable.Range(0, view!.Comparison.Names.Count) from later in Enumerable.Range(earlier + 1, view.Comparison.Names.Count - earlier - 1) select (earlier, later);

    private IEnumerable<(SampleChange Change, int Count)> Filters
    {
        get
        {
            var counts = view!.Counts;
            return
            [
                (SampleChange.None, counts.Samples), (SampleChange.Fixed, counts.Fixed), (SampleChange.Broken, counts.Broken), (SampleChange.BothRight, counts.BothRight),
                (SampleChange.BothWrong, counts.BothWrong), (SampleChange.Disagree, counts.Disagree), (SampleChange.ReasoningChanged, counts.ReasoningChanged),
            ];
        }
    }

    private static IEnumerable<(SampleOrder Order, string Words)> Orders => [.. AscendingOrders, .. DescendingOrders];

    private string OrderWords => (query.IsDescending ? DescendingOrders : AscendingOrders).FirstOrDefault(order => order.Order == query.Order, AscendingOrders[0]).Words;

    /// <summary>What the shown samples have in common, in words.</summary>
    private string Behind => string.Join(", ", new[]
    {
        query.Filter.Change == SampleChange.None ? null : ResultText.Words(query.Filter.Change),
        query.Filter.Unit is var (unit, change) ? $"{FacialR1.Analysis.Facs.ActionUnit.CodeOf(unit)} {ResultText.Words(change)}" : null,
        query.Filter.From is { } from ? $"{FacialR1.Analysis.Scoring.AnswerOutcomes.Label(from)} in {view!.Earlier}" : null,
        query.Filter.To is { } to ? $"{FacialR1.Analysis.Scoring.AnswerOutcomes.Label(to)} in {view!.Later}" : null,
        query.Filter.Measure is var (measure, side)
            ? side switch { MeasureSide.Counted => $"counted in {measure.Name}", MeasureSide.OnlyEarlier => $"{measure.Name} holds only in {view!.Earlier}", _ => $"{measure.Name} holds only in {view!.Later}" } : null,
        query.Filter.Search is { } words ? $"with “{words}”" : null,
    }.OfType<string>());

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Arrive;
        if (RendererInfo.IsInteractive) await LookAsync();   // a prerendered page does not wait for measures
        else query = CompareQuery.Parse(new Uri(Navigation.Uri).Query);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                script = await Browser.InvokeAsync<IJSObjectReference>("import", "./Features/Compare/ComparePage.razor.js");
                self = DotNetObjectReference.Create(this);
                keys = await script.InvokeAsync<IJSObjectReference>("listen", self);
            }
            if (reveal is { } id && script is not null)
            {
                reveal = null;
                await script.InvokeVoidAsync("reveal", id);
            }
        }
        catch (JSDisconnectedException) { }   // closed before it came alive
    }

    /// <summary>Opens the sample after (1) or before (−1) the open one, on the next page if need be.</summary>
    [JSInvokable]
    public void Step(int by)
    {
        if (view is not { Samples.Count: > 0 } shown) return;
        var at = query.Sample is { } open ? shown.Samples.ToList().FindIndex(sample => sample.Id == open) : -1;
        var next = at < 0 ? (shown.Page - 1) * CompareQuery.PageSize : Math.Clamp(at + Math.Sign(by), 0, shown.Samples.Count - 1);
        reveal = SampleTable.RowId(shown.Samples[next]);
        Go(query with { Sample = shown.Samples[next].Id, Page = next / CompareQuery.PageSize + 1 });
    }

    private void Arrive(object? sender, LocationChangedEventArgs location)
    {
        if (!new Uri(location.Location).AbsolutePath.Equals(ResultText.CompareAddress, StringComparison.Ordinal)) return;
        _ = InvokeAsync(async () =>
        {
            await LookAsync();
            StateHasChanged();
        });
    }

    private async Task LookAsync()
    {
        var asked = query = CompareQuery.Parse(new Uri(Navigation.Uri).Query);
        search = query.Filter.Search;
        if (query.Of.Count == 0)
        {
            (view, problem) = (null, null);
            return;
        }

        try
        {
            var task = Comparisons.OfAsync(query.Of, query.Intervals);
            // Another comparison takes a moment; what stands there then would belong to other results.
            if (!task.IsCompleted && view is not null && !view.Query.Of.SequenceEqual(query.Of)) view = null;
            if (!task.IsCompleted) StateHasChanged();
            var comparison = await task;
            if (!ReferenceEquals(asked, query)) return;   // somebody clicked on meanwhile
            (view, problem) = (ComparisonView.Of(comparison, query, view), null);
        }
        catch (Exception error) when (error is DataFormatException or ArgumentException or IOException)
        {
            if (ReferenceEquals(asked, query)) (view, problem) = (null, error.Message);
        }
    }

    private bool IsPair(int earlier, int later) => (earlier, later) == (view!.EarlierIndex, view.LaterIndex);

    private void Open(CompareQuery asked) => Navigation.NavigateTo(asked.SamplesLink());

    private void Go(CompareQuery asked) => Navigation.NavigateTo(asked.Link(), replace: true);

    private void Search() => Navigation.NavigateTo(query.Showing(query.Filter with { Search = string.IsNullOrWhiteSpace(search) ? null : search.Trim() }).SamplesLink());

    private void Sort(ChangeEventArgs change)
    {
        var words = change.Value?.ToString();
        var order = Orders.FirstOrDefault(order => order.Words == words, AscendingOrders[0]);
        Go(query with { Order = order.Order, IsDescending = DescendingOrders.Contains(order), Page = 1, Sample = null });
    }

    private void Choose(SampleColumn column, bool isChosen) =>
        Go(query with { Columns = [.. SampleColumns.All.Where(other => other == column ? isChosen : query.Columns.Contains(other))] });

    private async Task ShowKeysAsync()
    {
        if (script is not null) await script.InvokeVoidAsync("showKeys");
    }

    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= Arrive;
        try
        {
            if (keys is not null)
            {
                await keys.InvokeVoidAsync("stop");
                await keys.DisposeAsync();
            }
            if (script is not null) await script.DisposeAsync();
        }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
        self?.Dispose();
    }
}
