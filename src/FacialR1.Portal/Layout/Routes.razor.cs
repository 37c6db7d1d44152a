using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Layout;

/// <summary>The root of the circuit. Its parameters are sealed by the server, so a browser cannot claim an acknowledgement it did not give.</summary>
public sealed partial class Routes : ComponentBase
{
    private Visitor visitor = new(ThemeChoice.System, HasAcknowledged: false);

    [Parameter] public ThemeChoice Theme { get; set; }
    [Parameter] public bool HasAcknowledged { get; set; }

    protected override void OnInitialized() => visitor = new Visitor(Theme, HasAcknowledged);
}
