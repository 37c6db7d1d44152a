using System.Globalization;
using System.Text.Json;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.Rollouts;
using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training;

/// <summary>The curves of a run while they grow. Only this part of the page renders, at most once a second, and a chart only when its own lines changed.</summary>
public sealed partial class RunCurves : ComponentBase, IDisposable
{
    internal static readonly TimeSpan RenderInterval = TimeSpan.FromSeconds(1);
    private const int RecentSteps = 50;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly CancellationTokenSource leaving = new();
    private readonly Dictionary<Curve, SmoothedCurve> smoothed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (string Signature, ChartScene? Scene)> scenes = [];
    private IReadOnlyList<DrawnChart> charts = [];
    private IReadOnlyList<string> phases = [];
    private IReadOnlyList<string> others = [];
    private IReadOnlyList<RunEvent> notes = [];
    private IReadOnlyList<UnitRates> units = [];
    private HashSet<string> absent = [];
    private RunSummary state = null!;
    private string phase = "";
    private string? configuration;
    private string? problem;
    private long unitSteps;
    private int damaged;
    private bool isLoaded;
    private bool isFollowing;
    private bool hasRollouts;
    private bool showsUnits;

    [Inject] public required RunCatalog Catalog { get; init; }
    [Inject] public required RunTraces Traces { get; init; }
    [Inject] public required RolloutFiles Rollouts { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter, EditorRequired] public required RunSummary Run { get; set; }
    [Parameter, EditorRequired] public required ChartSettings Settings { get; set; }
    [Parameter] public EventCallback<ChartSettings> OnChange { get; set; }

    private sealed record DrawnChart(PlannedChart Plan, ChartScene? Scene, string? Note, string? Csv);

    private sealed record UnitRates(int Number, double? Precision, double? Recall);

    protected override async Task OnParametersSetAsync()
    {
        if (state?.Id != Run.Id)
        {
            (state, configuration, isLoaded, hasRollouts) = (Run, null, false, false);
            scenes.Clear();
            smoothed.Clear();
        }
        await LookAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (isFollowing || !RendererInfo.IsInteractive) return;
        isFollowing = true;
        _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenderInterval, Clock, leaving.Token);
                await InvokeAsync(async () =>
                {
                    if (await LookAsync()) StateHasChanged();
                });
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException) { }
    }

    /// <summary>Reads what is new and draws it.</summary>
    /// <returns>Whether anything on the page changed.</returns>
    private async Task<bool> LookAsync()
    {
        try
        {
            var id = Run.Id;
            var found = await Catalog.LookUpAsync(id, leaving.Token);
            hasRollouts = hasRollouts || await Task.Run(() => Rollouts.Has(id), leaving.Token);
            configuration ??= await Task.Run(() => Catalog.Describe(id)?.ToJsonString(Indented), leaving.Token);
            var traces = new List<(string Name, RunTrace Trace)>();
            foreach (var name in (string[])[id, .. Settings.Others.Where(other => other != id)])
                if (await Traces.ReadAsync(name, leaving.Token) is { } trace) traces.Add((name, trace));
            if (found is null || traces.Count == 0 || traces[0].Name != id)
            {
                problem = "The folder of this run is gone.";
                return true;
            }

            var (before, had) = (charts, (state, problem, isLoaded));
            if (!isLoaded) others = [.. Catalog.Current.Select(run => run.Id).Where(name => name != id)];
            (state, problem, isLoaded) = (found, null, true);
            Holding([.. traces.Select(entry => entry.Trace).OrderBy(trace => trace.Number)], () => Draw(traces));
            return had.problem is not null || !had.isLoaded || !ReferenceEquals(had.state, state) || charts.Count != before.Count || charts.Zip(before).Any(pair => !ReferenceEquals(pair.First.Scene, pair.Second.Scene));
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { return false; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"The run cannot be read: {error.Message}";
            return true;
        }
    }

    private void Draw(List<(string Name, RunTrace Trace)> traces)
    {
        var trace = traces[0].Trace;
        (phases, damaged) = ([.. trace.Phases.Select(each => each.Name)], trace.DamagedLines);
        notes = [.. trace.Notes.Where(note => note.Kind != "validation").Reverse().Take(100)];
        absent = [.. Settings.Others.Where(name => traces.All(entry => entry.Name != name))];
        if (trace.Phases.Count == 0) return;
        var present = trace.Phase(Settings.Phase) ?? trace.Phases[^1];
        if (phase != present.Name) scenes.Clear();
        phase = present.Name;
        units = Units(present);
        charts = [.. SeriesPlan.For([.. present.Curves.Keys]).Select(plan => Draw(plan, traces))];
    }

    private DrawnChart Draw(PlannedChart plan, List<(string Name, RunTrace Trace)> traces)
    {
        var lines = new List<ChartLine>();
        foreach (var (name, trace) in traces)
        {
            var isMain = name == Run.Id;
            // Another run's phases may be called otherwise; its last is then the nearest thing to compare with.
            var source = trace.Phase(phase) ?? (isMain || trace.Phases.Count == 0 ? null : trace.Phases[^1]);
            if (source is null) continue;
            foreach (var series in plan.Series)
            {
                if (source.Find(series.Name) is not { Count: > 0 } curve) continue;
                var label = traces.Count == 1 ? series.Label : plan.Series.Count == 1 ? name : $"{name}: {series.Label}";
                lines.Add(new ChartLine(label, curve, Smooth(curve), isMain && series.Deviation is { } deviation ? source.Find(deviation) : null, lines.Count));
            }
        }

        var signature = string.Create(CultureInfo.InvariantCulture,
            $"{Settings.Axis}|{Settings.Smoothing}|{Settings.Range}|{string.Join(';', lines.Select(line => $"{line.Label}:{line.Raw.Count}:{line.Raw.Rewrites}:{line.Deviation?.Count}"))}");
        if (!scenes.TryGetValue(plan.Key, out var drawn) || drawn.Signature != signature)
            scenes[plan.Key] = drawn = (signature, ChartScene.Make(lines, Settings.Axis, Settings.Range));
        return new DrawnChart(plan, drawn.Scene, drawn.Scene is null ? null : NoteOf(plan, traces[0].Trace),
            drawn.Scene is null ? null : RunLinks.Csv(Run.Id, phase, plan.Series.SelectMany(series => new[] { series.Name, series.Deviation }).OfType<string>()));
    }

    private string? NoteOf(PlannedChart plan, RunTrace trace)
    {
        if (plan.Key != "validation") return null;
        var n = trace.Phase(phase)?.Find("val_n") is { Count: > 0 } count ? count.Values[count.Count - 1] : (double?)null;
        return $"{(n is { } photos ? string.Create(CultureInfo.InvariantCulture, $"n = {photos:N0} photos. ") : "n was not logged. ")}Emotion labels of fer-au are noisy, its action unit labels are estimates.";
    }

    private List<UnitRates> Units(PhaseTrace present)
    {
        var rates = new SortedDictionary<int, UnitRates>();
        foreach (var (name, curve) in present.Curves)
        {
            if (SeriesPlan.ActionUnitOf(name) is not var (unit, measure) || curve.Count == 0) continue;
            var from = curve.FirstAtOrAfter(ChartAxis.Step, present.LastStep - RecentSteps + 1);
            var recent = Enumerable.Range(from, curve.Count - from).Select(index => curve.Values[index]).ToList();
            var mean = recent.Count > 0 ? recent.Average() : (double?)null;
            var known = rates.GetValueOrDefault(unit) ?? new UnitRates(unit, null, null);
            rates[unit] = measure == "precision" ? known with { Precision = mean } : measure == "recall" ? known with { Recall = mean } : known;
        }
        unitSteps = Math.Min(RecentSteps, present.LastStep);
        return [.. rates.Values];
    }

    private MinMaxSeries? Smooth(Curve curve)
    {
        if (Settings.Smoothing <= 0 || curve.Count < 3) return null;
        if (!smoothed.TryGetValue(curve, out var average) || average.Weight != Settings.Smoothing) smoothed[curve] = average = new SmoothedCurve(Settings.Smoothing);
        return average.Of(curve);
    }

    /// <summary>Holds all traces while reading: a run that grows must not grow in the middle of a drawing.</summary>
    private static void Holding(IReadOnlyList<RunTrace> traces, Action read, int from = 0)
    {
        if (from == traces.Count) read();
        else lock (traces[from].Gate) Holding(traces, read, from + 1);
    }

    private string LinkTo(ChartSettings settings) => Navigation.GetUriWithQueryParameters(RunLinks.Run(Run.Id), settings.ToQuery());

    private Task ZoomAsync(ChartRange? range) => OnChange.InvokeAsync(Settings with { Range = range });

    /// <summary>Only where a click has something to open.</summary>
    private EventCallback<long> OnOpen => hasRollouts ? EventCallback.Factory.Create<long>(this, OpenStep) : default;

    private void OpenStep(long step) => Navigation.NavigateTo(RunLinks.Rollouts(Run.Id, phase, step));

    private Task Smooth(ChangeEventArgs change) =>
        double.TryParse(change.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? OnChange.InvokeAsync(Settings with { Smoothing = Math.Clamp(weight, 0, 0.99) })
            : Task.CompletedTask;

    private Task AddOther(ChangeEventArgs change) =>
        change.Value?.ToString() is { Length: > 0 } name && !Settings.Others.Contains(name)
            ? OnChange.InvokeAsync(Settings with { Others = [.. Settings.Others.Take(ChartSettings.MostOthers - 1), name] })
            : Task.CompletedTask;

    private static string Rate(double? rate) => rate is { } value ? Figures.Percent(value) : "–";

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
