using System.Data.Common;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Leaderboard, running evaluations, all results and the benchmarks there are. Measure, protocol and reference rows are in the address.</summary>
public sealed partial class BenchmarksPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource leaving = new();
    private readonly Dictionary<string, EvaluationReport> reports = [];
    private readonly Dictionary<string, string> problems = [];
    private readonly Dictionary<int, ResultHeader> headers = [];
    private readonly List<string> chosen = [];
    private IReadOnlyList<EvaluationRecord>? results;
    private IReadOnlyList<EvaluationProblem> broken = [];
    private EvaluationProtocol measured;
    private bool isReading, isMeasuring;

    [Inject] public required EvaluationFiles Files { get; init; }
    [Inject] public required EvaluationIndex Index { get; init; }
    [Inject] public required EvaluationStore Store { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [SupplyParameterFromQuery(Name = "measure")] public string? MeasureId { get; set; }
    [SupplyParameterFromQuery(Name = "protocol")] public string? ProtocolId { get; set; }
    [SupplyParameterFromQuery(Name = "published")] public string? Published { get; set; }

    private BoardMeasure Shown => BoardMeasure.Find(MeasureId);
    private EvaluationProtocol ShownProtocol => EvaluationProtocols.Find(ProtocolId) ?? EvaluationProtocol.Portal;
    private bool ShowsPublished => Published == "true";
    private IEnumerable<string> Boards => results!.Select(result => result.Benchmark).Distinct();
    private IEnumerable<string> Models => results!.Select(result => result.Model).Distinct().Order(StringComparer.Ordinal);

    private string Summary => results is null ? "Reading…"
        : (results.Count == 1 ? "1 result" : FormattableString.Invariant($"{results.Count} results")) + (isReading ? ", reading new answers…" : "");

    protected override async Task OnInitializedAsync()
    {
        results = await Store.ListAsync(leaving.Token);
        if (results.Count == 0) results = null;   // perhaps nobody has looked at the files yet
        if (!RendererInfo.IsInteractive) return;   // a prerendered page does not wait for files and measures
        await LookAgainAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (results is null || measured == ShownProtocol || !RendererInfo.IsInteractive) return;
        reports.Clear();
        await MeasureAsync();
    }

    /// <summary>Reads what is new in the files, showing every second how far that is, then measures.</summary>
    private async Task LookAgainAsync()
    {
        if (isReading) return;
        isReading = true;
        try
        {
            var reading = Index.RefreshAsync(CancellationToken.None);   // goes on when the visitor leaves: the next one needs it as well
            while (await Task.WhenAny(reading, Task.Delay(Glance, Clock, leaving.Token)) != reading && !leaving.IsCancellationRequested)
            {
                results = await Store.ListAsync(leaving.Token);
                StateHasChanged();
            }

            if (leaving.IsCancellationRequested) return;
            broken = await reading;
            results = await Store.ListAsync(leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { return; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DbException)
        {
            broken = [new EvaluationProblem("", $"The results cannot be read: {error.Message}")];
            results ??= [];
        }
        finally { isReading = false; }

        StateHasChanged();
        await MeasureAsync();
    }

    private async Task MeasureAsync()
    {
        if (isMeasuring) return;
        isMeasuring = true;
        try
        {
            // The address may name another protocol while this one is being measured.
            do
            {
                measured = ShownProtocol;
                foreach (var result in results!)
                {
                    if (reports.TryGetValue(result.Name, out var known) && known.N == result.Answered) continue;
                    try
                    {
                        reports[result.Name] = await Store.ReportAsync(result, measured, leaving.Token);
                        problems.Remove(result.Name);
                    }
                    catch (Exception error) when (error is DataFormatException or IOException or FormatException or DbException)
                    {
                        problems[result.Name] = error.Message;
                    }
                    if (measured != ShownProtocol) break;
                    StateHasChanged();
                }
                if (measured != ShownProtocol) reports.Clear();
            }
            while (measured != ShownProtocol);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { }
        finally { isMeasuring = false; }
    }

    private EvaluationRecord? Latest(string model, string benchmark) => results!.Where(result => result.Model == model && result.Benchmark == benchmark).MaxBy(result => HeaderOf(result)?.Started ?? result.ChangedAt);

    private ResultHeader? HeaderOf(EvaluationRecord result)
    {
        if (headers.TryGetValue(result.Id, out var known)) return known;
        try
        {
            return headers[result.Id] = ResultHeader.Parse(result.Header);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private int? Planned(EvaluationRecord result) => HeaderOf(result)?.Samples;

    private string Behind(string result) =>
        $"{ResultText.ResultLink(result)}?{(ShownProtocol == EvaluationProtocol.Portal ? "" : $"protocol={ShownProtocol.Id()}&")}{SampleAddress.Write(Shown.Behind)}#{Shown.Section}";

    private string Link(string? measure = null, EvaluationProtocol? protocol = null, bool? published = null) =>
        $"{ResultText.Address}?measure={measure ?? Shown.Id}&protocol={(protocol ?? ShownProtocol).Id()}{(published ?? ShowsPublished ? "&published=true" : "")}";

    private void Choose(string id, bool isChosen)
    {
        chosen.Remove(id);
        if (isChosen) chosen.Add(id);
    }

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
