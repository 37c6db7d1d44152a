using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Layout;

/// <summary>App bar, navigation and the place of the page.</summary>
public sealed partial class MainLayout : LayoutComponentBase, IDisposable
{
    private bool isMenuOpen;
    private TracedErrorBoundary? boundary;

    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IJSRuntime Browser { get; init; }

    // The base element would send a bare "#content" to the front page.
    private string SkipTarget => $"{new Uri(Navigation.Uri).PathAndQuery}#content";

    protected override void OnInitialized() => Navigation.LocationChanged += Arrive;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try { await using var _ = await Browser.InvokeAsync<IJSObjectReference>("import", "./Layout/MainLayout.razor.js"); }
        catch (JSDisconnectedException) { }   // closed before it came alive
    }

    /// <summary>A new page deserves a new chance, and on a narrow screen the menu has done its work.</summary>
    private void Arrive(object? sender, LocationChangedEventArgs location) => _ = InvokeAsync(() =>
    {
        isMenuOpen = false;
        boundary?.Recover();
        StateHasChanged();
    });

    public void Dispose() => Navigation.LocationChanged -= Arrive;
}
