using FacialR1.Analysis.Verification;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Results;

/// <summary>Shows an answer while it is written: first all there is, then what comes. Only this leaf renders, at most ten times a second.</summary>
public sealed partial class StreamingAnswer : ComponentBase, IDisposable
{
    internal static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(100);
    private AnswerProgress progress = new();
    private AnalysisFeed? followed;
    private CancellationTokenSource? following;
    private bool isStopping;

    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [Parameter, EditorRequired] public Guid AnalysisId { get; set; }
    [Parameter, EditorRequired] public required AnalysisFeed Feed { get; set; }

    [Parameter] public FaceEvidence Evidence { get; set; } = FaceEvidence.None;
    [Parameter] public FacialR1.Analysis.Faces.FaceLandmarks? Landmarks { get; set; }

    /// <summary>Called once, after the last words were rendered.</summary>
    [Parameter] public EventCallback OnEnded { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        // A prerendered page is thrown away; the circuit that follows reads the feed from its start.
        if (!RendererInfo.IsInteractive || ReferenceEquals(Feed, followed)) return;

        following?.Cancel();
        (followed, isStopping) = (Feed, false);
        var shown = progress = new AnswerProgress();   // one per feed, so a late update of the last one has nowhere to land
        using var leave = following = new CancellationTokenSource();
        var nextRender = Task.CompletedTask;
        try
        {
            await foreach (var updates in Feed.FollowAsync(0, leave.Token))
            {
                foreach (var update in updates) shown.Apply(update.Update);
                if (nextRender.IsCompleted) nextRender = RenderSoonAsync(leave.Token);
            }
            await nextRender;
            await OnEnded.InvokeAsync();
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested) { }
        finally { if (following == leave) following = null; }
    }

    /// <summary>Waits first, then renders: updates of one interval share a render, and the last is never left unseen.</summary>
    private async Task RenderSoonAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(RenderInterval, Clock, cancellationToken);
        StateHasChanged();
    }

    private async Task StopAsync()
    {
        isStopping = true;
        await Desk.StopAsync(AnalysisId, CancellationToken.None);
    }

    public void Dispose() => following?.Cancel();
}
