using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Features.Results;

/// <summary>Puts a text on the clipboard.</summary>
public sealed partial class CopyButton : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan ConfirmationTime = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource leaving = new();
    private IJSObjectReference? script;
    private bool isCopied;

    [Inject] public required IJSRuntime Browser { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [Parameter, EditorRequired] public required string Text { get; set; }
    [Parameter] public string Label { get; set; } = "Copy";

    private async Task CopyAsync()
    {
        script ??= await Browser.InvokeAsync<IJSObjectReference>("import", "./Features/Results/CopyButton.razor.js");
        isCopied = await script.InvokeAsync<bool>("copy", Text);
        if (!isCopied) return;
        StateHasChanged();
        try { await Task.Delay(ConfirmationTime, Clock, leaving.Token); }
        catch (OperationCanceledException) { return; }
        isCopied = false;
    }

    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        leaving.Dispose();
        try { if (script is not null) await script.DisposeAsync(); }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
    }
}
