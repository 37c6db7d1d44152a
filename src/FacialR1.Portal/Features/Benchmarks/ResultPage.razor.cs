using System.Data.Common;
using System.Globalization;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>One result taken apart. Protocol, part of the data and the samples shown are in the address, so every number is a link.</summary>
public sealed partial class ResultPage : ComponentBase, IDisposable
{
    private const string SlicesAnchor = "#slices";
    private readonly CancellationTokenSource leaving = new();
    private EvaluationRecord? result;
    private ResultHeader? header;
    private EvaluationReport? report;
    private IReadOnlyList<CalibrationBin> bins = [];
    private SampleQuery query = new();
    private (string Id, EvaluationProtocol Protocol)? shown;
    private string? problem;
    private bool hasSubjects;

    [Inject] public required EvaluationIndex Index { get; init; }
    [Inject] public required EvaluationStore Store { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromQuery(Name = "protocol")] public string? ProtocolId { get; set; }

    /// <summary>What divides the samples: emotion, action unit, subject or a name of the metadata.</summary>
    [SupplyParameterFromQuery(Name = "by")] public string? By { get; set; }
    [SupplyParameterFromQuery(Name = "count")] public string? SliceMeasureName { get; set; }

    // Each name of a SampleQuery is listed, so that a change of any of them brings the page up to date; they are read together.
    [SupplyParameterFromQuery(Name = "label")] public string? Label { get; set; }
    [SupplyParameterFromQuery(Name = "answer")] public string? Answer { get; set; }
    [SupplyParameterFromQuery(Name = "right")] public string? Right { get; set; }
    [SupplyParameterFromQuery(Name = "outcome")] public string? Outcome { get; set; }
    [SupplyParameterFromQuery(Name = "format")] public string? Format { get; set; }
    [SupplyParameterFromQuery(Name = "hallucinates")] public string? Hallucinates { get; set; }
    [SupplyParameterFromQuery(Name = "unit")] public string? Unit { get; set; }
    [SupplyParameterFromQuery(Name = "place")] public string? Place { get; set; }
    [SupplyParameterFromQuery(Name = "subject")] public string? Subject { get; set; }
    [SupplyParameterFromQuery(Name = "slice")] public string? Slice { get; set; }
    [SupplyParameterFromQuery(Name = "value")] public string? Value { get; set; }
    [SupplyParameterFromQuery(Name = "above")] public string? Above { get; set; }
    [SupplyParameterFromQuery(Name = "upto")] public string? UpTo { get; set; }
    [SupplyParameterFromQuery(Name = "find")] public string? Find { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] public string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "desc")] public string? Descending { get; set; }
    [SupplyParameterFromQuery(Name = "page")] public string? PageNumber { get; set; }

    private EvaluationProtocol ShownProtocol => EvaluationProtocols.Find(ProtocolId) ?? EvaluationProtocol.Portal;

    private SliceMeasure SliceMeasureChosen => Enum.TryParse<SliceMeasure>(SliceMeasureName, ignoreCase: true, out var measure) && Enum.IsDefined(measure) ? measure : SliceMeasure.Right;

    private string Summary => report is null || header is null || result is null ? problem is null ? "Measuring…" : ""
        : FormattableString.Invariant($"{header.Benchmark}, n = {result.Answered}{(result.Answered < header.Samples ? FormattableString.Invariant($" of {header.Samples}, unfinished") : "")}. {header.LabelNote}");

    private string DecodingText => header!.Decoding is { Temperature: > 0 } decoding
        ? string.Create(CultureInfo.InvariantCulture, $"temperature {decoding.Temperature:0.##}, top-p {decoding.TopP:0.##}, top-k {decoding.TopK}, seed {decoding.Seed}")
        : string.Create(CultureInfo.InvariantCulture, $"greedy, at most {header.Decoding.MaxTokens} tokens");

    protected override async Task OnParametersSetAsync()
    {
        var address = QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query);
        query = SampleAddress.Read(name => address.TryGetValue(name, out var value) ? value.ToString() : null);
        if (shown == (Id, ShownProtocol)) return;
        shown = (Id, ShownProtocol);
        (report, problem) = (null, null);
        try
        {
            result = await Store.FindAsync(Id, leaving.Token);
            // What a result holds may be newer than what was read of it; a prerendered page does not wait for that.
            if (RendererInfo.IsInteractive || result is null)
            {
                var broken = await Index.RefreshAsync(leaving.Token);
                problem = broken.FirstOrDefault(item => item.Name == Id)?.Message;
                result = await Store.FindAsync(Id, leaving.Token);
            }

            if (result is null)
            {
                problem ??= $"There is no result \"{Id}\". It may have been moved or deleted; choose one on the page Benchmarks.";
                return;
            }

            header = ResultHeader.Parse(result.Header);
            report = await Store.ReportAsync(result, ShownProtocol, leaving.Token);
            var answers = await Store.ConfidencesAsync(result.Id, leaving.Token);
            bins = answers.Count == 0 ? [] : Calibration.EqualWidthBins(answers);
            hasSubjects = (await Store.PageAsync(result.Id, new SampleQuery { PageSize = 1 }, leaving.Token)).Samples.Any(sample => sample.Subject is not null);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is DataFormatException or IOException or FormatException or System.Text.Json.JsonException or DbException)
        {
            problem = error.Message;
        }
    }

    /// <summary>The page with these samples; protocol and part of the data stay.</summary>
    private string Samples(SampleQuery samples, string section = "samples", int? page = null) => Address(ShownProtocol, SliceMeasureChosen, By, SampleAddress.Write(samples, page)) + "#" + section;

    private string Link(EvaluationProtocol? protocol = null, SliceMeasure? sliceMeasure = null, string? by = null) =>
        Address(protocol ?? ShownProtocol, sliceMeasure ?? SliceMeasureChosen, by ?? By, SampleAddress.Write(query));

    private string Address(EvaluationProtocol protocol, SliceMeasure measure, string? by, string samples)
    {
        var parts = new List<string>();
        if (protocol != EvaluationProtocol.Portal) parts.Add($"protocol={protocol.Id()}");
        if (measure != SliceMeasure.Right) parts.Add($"count={measure}");
        if (by is not null) parts.Add($"by={Uri.EscapeDataString(by)}");
        if (samples.Length > 0) parts.Add(samples);
        return ResultText.ResultLink(Id) + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));
    }

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
