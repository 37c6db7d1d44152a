using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Checkpoints;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Checkpoints;

/// <summary>What can be asked, and what is known about it.</summary>
public sealed partial class CheckpointsPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();
    private readonly Dictionary<string, string> hashes = [];
    private IReadOnlyList<CheckpointEntry> checkpoints = [];

    [Inject] public required CheckpointCatalog Catalog { get; init; }

    protected override void OnInitialized() => checkpoints = Catalog.All();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Gigabytes may have to be read, so the page is shown first.
        if (!firstRender) return;
        foreach (var checkpoint in checkpoints)
        {
            try
            {
                hashes[checkpoint.Name] = await Catalog.HashAsync(checkpoint, leaving.Token);
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested) { return; }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CheckpointException)
            {
                hashes[checkpoint.Name] = "cannot be read";
            }
            StateHasChanged();
        }
    }

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
