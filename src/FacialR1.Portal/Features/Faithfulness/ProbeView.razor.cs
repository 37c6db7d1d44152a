using FacialR1.Portal.Inference;
using FacialR1.Portal.Inference.Probes;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Faithfulness;

/// <summary>A probe in one of its states: to be started, at work with its progress, failed, or there.</summary>
public sealed partial class ProbeView<T> : ComponentBase, IDisposable where T : class
{
    private ProbeJob? job;
    private T? result;
    private (Guid Analysis, string Key) shown;
    private bool isRead;
    private string? problem;

    [Inject] public required ProbeDesk Desk { get; init; }
    [Parameter, EditorRequired] public required AnalysisRecord Analysis { get; set; }
    [Parameter, EditorRequired] public required IProbe<T> Probe { get; set; }

    /// <summary>What goes on, "Covering one part after another".</summary>
    [Parameter, EditorRequired] public required string Label { get; set; }
    [Parameter] public string ButtonText { get; set; } = "Compute";

    /// <summary>A person just asked for exactly this: there is nothing to press first.</summary>
    [Parameter] public bool StartsByItself { get; set; }

    /// <summary>The result is there, and is another than before.</summary>
    [Parameter] public EventCallback<T> OnResult { get; set; }
    [Parameter, EditorRequired] public required RenderFragment<T> ChildContent { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (shown == (Analysis.Id, Probe.Key)) return;
        Follow(null);
        (shown, result, problem, isRead) = ((Analysis.Id, Probe.Key), null, null, false);
        // A prerendered page is thrown away; it starts nothing.
        if (RendererInfo.IsInteractive) await ReadAsync();
    }

    private async Task ReadAsync()
    {
        var asked = shown;
        // The job first: one that ends between the two look-ups has stored its result by then.
        var running = Desk.Running(Analysis.Id, Probe.Key);
        var found = await Desk.FindAsync(Analysis, Probe, CancellationToken.None);
        if (asked != shown) return;
        isRead = true;
        if (found is not null) await ShowAsync(found);
        else if (running is { HasEnded: false }) Follow(running);
        else if (StartsByItself && problem is null) Start();
    }

    private void Start()
    {
        problem = null;
        try
        {
            Follow(Desk.Start(Analysis, Probe));
        }
        catch (QueueFullException error)
        {
            problem = error.Message;
        }
    }

    private void Follow(ProbeJob? next)
    {
        if (job is not null) job.Changed -= OnChanged;
        job = next;
        if (job is null) return;
        job.Changed += OnChanged;
        if (job.HasEnded) OnChanged();   // it may have ended before we listened
    }

    private void OnChanged() => _ = InvokeAsync(async () =>
    {
        if (job is { HasEnded: true } ended)
        {
            Follow(null);
            problem = ended.Problem;
            if (problem is null) await ReadAsync();
        }

        StateHasChanged();
    });

    private async Task ShowAsync(T found)
    {
        result = found;
        await OnResult.InvokeAsync(found);
    }

    public void Dispose() => Follow(null);
}
