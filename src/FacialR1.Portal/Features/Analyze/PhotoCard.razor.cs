using FacialR1.Analysis;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>One photo of the batch: its faces on one side, what the model says about the chosen one on the other.</summary>
public sealed partial class PhotoCard : ComponentBase, IDisposable
{
    private readonly LinkedSelection selection = new();
    private AnalysisRecord? shown;
    private bool isBusy;
    private string? problem;

    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required AnalysisStore Store { get; init; }

    /// <summary>With its analyses, oldest first.</summary>
    [Parameter, EditorRequired] public required PhotoRecord Photo { get; set; }
    [Parameter, EditorRequired] public required RunSettings Settings { get; set; }

    protected override void OnInitialized() => selection.Chosen += StateHasChanged;

    public void Dispose() => selection.Chosen -= StateHasChanged;

    protected override void OnParametersSet()
    {
        // The newest one, unless a person chose another of this photo.
        if (shown is null || Photo.Analyses.All(analysis => analysis.Id != shown.Id)) shown = Photo.Analyses.LastOrDefault() ?? shown;
    }

    /// <summary>Shows what was said about a face before, or asks.</summary>
    private async Task ShowOrAskAsync(int? face)
    {
        if (shown is not null && shown.FaceIndex == face) return;
        if (Photo.Analyses.LastOrDefault(analysis => analysis.FaceIndex == face) is { } known)
        {
            shown = known;
            return;
        }
        if (Settings.Checkpoint is not { } checkpoint) return;

        (isBusy, problem) = (true, null);
        try
        {
            await ShowAsync(await Desk.SubmitAsync(Photo, face, checkpoint, Settings.Decoding, CancellationToken.None));
        }
        catch (Exception error) when (error is QueueFullException or ModelUnavailableException or FileNotFoundException)
        {
            problem = error.Message;
        }
        finally { isBusy = false; }
    }

    private async Task ShowAsync(Guid analysisId)
    {
        if (await Store.FindAsync(analysisId, CancellationToken.None) is not { } analysis) return;
        Photo.Analyses.Add(analysis);
        shown = analysis;
    }
}
