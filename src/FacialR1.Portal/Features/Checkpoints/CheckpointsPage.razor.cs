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
    private IReadOnlyList<Lineage> lineages = [];
    private IReadOnlyList<string> lineageFaults = [];

    [Inject] public required CheckpointCatalog Catalog { get; init; }

    protected override void OnInitialized() => Read();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Gigabytes may have to be read, so the page is shown first.
        if (firstRender) await HashAsync();
    }

    private void Read()
    {
        checkpoints = Catalog.All();
        var read = checkpoints.Select(checkpoint => checkpoint.Folder).OfType<string>().Select(Lineage.Read).ToList();
        (lineages, lineageFaults) = ([.. read.Select(each => each.Lineage).OfType<Lineage>()], [.. read.Select(each => each.Problem).OfType<string>()]);
    }

    private async Task Load()
    {
        Read();
        StateHasChanged();
        await HashAsync();
    }

    private async Task HashAsync()
    {
        foreach (var checkpoint in checkpoints.Where(checkpoint => checkpoint.Remote is null && !hashes.ContainsKey(checkpoint.Name)).ToList())
        {
            try
            {
                hashes[checkpoint.Name] = await Catalog.HashAsync(checkpoint, leaving.Token) ?? "–";
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
