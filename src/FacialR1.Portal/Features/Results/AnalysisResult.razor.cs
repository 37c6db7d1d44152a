using FacialR1.Analysis;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Results;

/// <summary>One analysis wherever it is shown: live while it is written, from storage afterwards.</summary>
public sealed partial class AnalysisResult : ComponentBase
{
    private AnalysisRecord? analysis;
    private AnalysisFeed? feed;
    private FaceReading? face;
    private Guid shown;
    private bool isMissing, isBusy;
    private string? problem;

    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required LiveFeeds Feeds { get; init; }
    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required FaceEstimates Estimates { get; init; }
    [Parameter, EditorRequired] public Guid AnalysisId { get; set; }

    /// <summary>It was read from storage, and read again when it ended.</summary>
    [Parameter] public EventCallback<AnalysisRecord> OnRead { get; set; }

    /// <summary>Another analysis was made of the same face; its id.</summary>
    [Parameter] public EventCallback<Guid> OnRepeated { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (shown == AnalysisId) return;
        (shown, analysis, problem) = (AnalysisId, null, null);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        // The feed first: an analysis that ends between the two look-ups then still sends its end.
        var live = Feeds.Find(AnalysisId);
        analysis = await Store.FindAsync(AnalysisId, CancellationToken.None);
        isMissing = analysis is null;
        if (analysis is not null) face = await Estimates.OfAsync(analysis, CancellationToken.None);
        feed = analysis is { } found && !found.Status.IsFinished() ? live : null;
        if (analysis is not null) await OnRead.InvokeAsync(analysis);
    }

    private double Tilt => analysis is { FaceIndex: { } index, Photo: { } photo } && index < photo.Faces.Count ? photo.Faces[index].Tilt : 0;

    private bool Samples => analysis!.Decoding.Temperature > 0;

    private string RetryLabel => Samples ? "Run again with the next seed" : "Run again";

    private string DecodingSummary => analysis!.Decoding is { Temperature: > 0 } decoding
        ? FormattableString.Invariant($"sampled at temperature {decoding.Temperature:0.##} with seed {decoding.Seed}")
        : "likeliest words only";

    private async Task RetryAsync()
    {
        (isBusy, problem) = (true, null);
        try
        {
            var decoding = Samples ? analysis!.Decoding with { Seed = analysis.Decoding.Seed + 1 } : analysis!.Decoding;
            await OnRepeated.InvokeAsync(await Desk.SubmitAsync(analysis.Photo!, analysis.FaceIndex, analysis.Checkpoint, decoding, CancellationToken.None));
        }
        catch (Exception error) when (error is QueueFullException or ModelUnavailableException or FileNotFoundException)
        {
            problem = error.Message;
        }
        finally { isBusy = false; }
    }
}
