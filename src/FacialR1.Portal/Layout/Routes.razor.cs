using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace FacialR1.Portal.Layout;

/// <summary>The root of the circuit. Its parameters are sealed by the server, so a browser cannot claim an acknowledgement it did not give.</summary>
public sealed partial class Routes : ComponentBase, IDisposable
{
    private Visitor visitor = new(ThemeChoice.System, HasAcknowledged: false);
    private string path = "";
    private bool hasMoved;

    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter] public ThemeChoice Theme { get; set; }
    [Parameter] public bool HasAcknowledged { get; set; }

    protected override void OnInitialized()
    {
        visitor = new Visitor(Theme, HasAcknowledged);
        path = new Uri(Navigation.Uri).AbsolutePath;
        Navigation.LocationChanged += Notice;
    }

    /// <summary>A new page moves the focus to its heading. A page that was just opened leaves it at the top, where the skip link is,
    /// and a changed setting, which only changes the query, leaves it on the setting.</summary>
    private void Notice(object? sender, LocationChangedEventArgs location) => hasMoved |= new Uri(location.Location).AbsolutePath != path;

    public void Dispose() => Navigation.LocationChanged -= Notice;
}
