using System.Data.Common;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>One answer as the linked view of photo, words and claims, held against the labels of the benchmark. The samples around it are those of the filter it was opened from.</summary>
public sealed partial class SamplePage : ComponentBase, IDisposable
{
    // The overlay is drawn in percent of the picture, whatever its pixels.
    private static readonly FaceArea Face = new(new PixelArea(0, 0, 100, 100), new PixelArea(0, 0, 100, 100), 1);
    private static readonly PhotoRecord Whole = new() { Hash = "", OriginalName = "", Width = 100, Height = 100 };
    private readonly CancellationTokenSource leaving = new();
    private readonly LinkedSelection selection = new();
    private EvaluationRecord? result;
    private ResultHeader? header;
    private EvaluationSampleRecord? sample;
    private ResultRow? row;
    private AnswerState answer = new() { Status = AnalysisStatus.Done, Trace = ReasoningParser.Parse("") };
    private FaceEvidence evidence = FaceEvidence.None;
    private FaceLandmarks? landmarks;
    private IReadOnlyList<(EvaluationRecord Result, EvaluationSampleRecord Sample)> others = [];
    private SampleQuery query = new();
    private (string Id, int Number, string? Sample)? shown;
    private string? problem, before, after, place;
    private bool hasPicture;

    [Inject] public required EvaluationStore Store { get; init; }
    [Inject] public required BenchmarkPictures Pictures { get; init; }
    [Inject] public required FaceEstimates Estimates { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter] public required string Id { get; set; }

    /// <summary>Line of the sample in its result, from 1; 0 where the address names the sample instead.</summary>
    [Parameter] public int Number { get; set; }

    /// <summary>The sample as the benchmark names it, for addresses made by those who know no line.</summary>
    [SupplyParameterFromQuery(Name = "of")] public string? SampleId { get; set; }

    /// <summary>Its place among the samples that fit the filter, from 0; null when it was opened by itself.</summary>
    [SupplyParameterFromQuery(Name = "at")] public int? At { get; set; }

    private string Back => $"{ResultText.ResultLink(Id)}{(SampleAddress.Write(query) is { Length: > 0 } filter ? "?" + filter : "")}#samples";

    public static string Link(string result, int number, SampleQuery? query, int? at)
    {
        var filter = query is null ? "" : SampleAddress.Write(query);
        var parts = string.Join('&', new[] { filter, at is { } place ? string.Create(CultureInfo.InvariantCulture, $"at={place}") : "" }.Where(part => part.Length > 0));
        return FormattableString.Invariant($"{ResultText.ResultLink(result)}/samples/{number}{(parts.Length > 0 ? "?" : "")}{parts}");
    }

    /// <summary>The answer of a result to a sample that is known by its name.</summary>
    public static string Link(string result, string sample) => $"{ResultText.ResultLink(result)}/sample?of={Uri.EscapeDataString(sample)}";

    protected override void OnInitialized() => selection.Chosen += Redraw;

    protected override async Task OnParametersSetAsync()
    {
        var address = QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query);
        query = SampleAddress.Read(name => address.TryGetValue(name, out var value) ? value.ToString() : null);
        if (shown == (Id, Number, SampleId)) return;
        shown = (Id, Number, SampleId);
        try
        {
            await LoadAsync();
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is DataFormatException or IOException or FormatException or System.Text.Json.JsonException or DbException)
        {
            problem = error.Message;
        }
    }

    private async Task LoadAsync()
    {
        problem = null;
        result = await Store.FindAsync(Id, leaving.Token);
        var found = result is null ? null : Number > 0 ? await Store.FindSampleAsync(result.Id, Number, leaving.Token) : SampleId is { } named ? await Store.FindSampleAsync(result.Id, named, leaving.Token) : null;
        if (result is null || found is null)
        {
            problem = $"There is no sample {(Number > 0 ? Number.ToString(CultureInfo.InvariantCulture) : SampleId)} in a result \"{Id}\". It may have been moved or deleted.";
            return;
        }

        header = ResultHeader.Parse(result.Header);
        row = (await Store.ReadAsync(result, [found], leaving.Token))[0];
        hasPicture = await Task.Run(() => Pictures.Has(header.Benchmark), leaving.Token);
        var reading = hasPicture ? await ReadAsync(header.Benchmark, row) : null;
        landmarks = reading?.Landmarks;
        evidence = row.Reading.Labels.ActionUnits is { } labelled ? FaceEvidence.Annotated([.. labelled], ResultFile.Vocabulary(header, Id), $"labels of {header.Benchmark}") : FaceEstimates.EvidenceOf(reading);
        answer = new AnswerState
        {
            Status = AnalysisStatus.Done, Trace = ReasoningParser.Parse(row.Text), EmotionProbabilities = row.EmotionProbabilities, Tokens = row.Tokens,
            StopReason = found.IsTruncated ? StopReason.MaxTokens : StopReason.StopToken,
        };
        others = await Store.OthersAsync(result, found.Sample, leaving.Token);
        if (At is { } at) await PlaceAsync(result.Id, at);
        sample = found;
    }

    /// <summary>What is estimated on this face; a picture that cannot be read has nothing, and the page shows it as broken.</summary>
    private async Task<FaceReading?> ReadAsync(string benchmark, ResultRow answered)
    {
        try
        {
            var open = () => Task.Run(() => Pictures.Find(benchmark, answered.Sample, answered.Image)?.Bytes, leaving.Token);
            return await Estimates.OfAsync($"{benchmark}/{answered.Sample}", open, leaving.Token);
        }
        catch (ImageRejectedException)
        {
            return null;
        }
    }

    private async Task PlaceAsync(int evaluation, int at)
    {
        async Task<(string? Link, int Total)> Neighbour(int position)
        {
            if (position < 0) return (null, 0);
            var page = await Store.PageAsync(evaluation, query with { Page = position + 1, PageSize = 1 }, leaving.Token);
            return (position < page.Total ? Link(Id, page.Samples[0].Number, query, position) : null, page.Total);
        }

        (before, _) = await Neighbour(at - 1);
        (after, var total) = await Neighbour(at + 1);
        place = string.Create(CultureInfo.InvariantCulture, $"{at + 1} of {total}");
    }

    private void KeyAsync(KeyboardEventArgs key)
    {
        if (key.CtrlKey || key.AltKey || key.MetaKey) return;
        if (key.Key == "j" && after is not null) Navigation.NavigateTo(after);
        if (key.Key == "k" && before is not null) Navigation.NavigateTo(before);
    }

    private void Redraw() => StateHasChanged();

    public void Dispose()
    {
        selection.Chosen -= Redraw;
        leaving.Cancel();
        leaving.Dispose();
    }
}
