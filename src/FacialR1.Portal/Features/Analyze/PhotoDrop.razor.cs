using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>Where photos come in: dropped, pasted or chosen.</summary>
public sealed partial class PhotoDrop : ComponentBase, IAsyncDisposable
{
    // Above any sensible batch; the page tells how many it takes, the framework would throw.
    private const int CountedFiles = 10_000;
    private ElementReference zone;
    private IJSObjectReference? script;

    [Inject] public required IJSRuntime Browser { get; init; }
    [Parameter] public bool IsBusy { get; set; }
    [Parameter] public bool IsDisabled { get; set; }

    /// <summary>Smaller, once there is something else to look at.</summary>
    [Parameter] public bool IsCompact { get; set; }
    [Parameter, EditorRequired] public required string LargestFile { get; set; }
    [Parameter, EditorRequired] public int FilesPerBatch { get; set; }
    [Parameter] public EventCallback<IReadOnlyList<IBrowserFile>> OnPhotos { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        script = await Browser.InvokeAsync<IJSObjectReference>("import", "./Features/Analyze/PhotoDrop.razor.js");
        await script.InvokeVoidAsync("listen", zone);
    }

    private Task TakeAsync(InputFileChangeEventArgs chosen) => OnPhotos.InvokeAsync(chosen.GetMultipleFiles(CountedFiles));

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (script is null) return;
            await script.InvokeVoidAsync("leave");
            await script.DisposeAsync();
        }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
    }
}
