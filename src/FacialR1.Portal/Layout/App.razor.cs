using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace FacialR1.Portal.Layout;

/// <summary>The document. Rendered once per page load on the server; everything inside <see cref="Routes"/> then lives in the circuit.</summary>
public sealed partial class App : ComponentBase
{
    private static readonly MudTheme LightTheme = PortalTheme.For(ThemeScheme.Light);
    private static readonly MudTheme DarkTheme = PortalTheme.For(ThemeScheme.Dark);

    [Inject] public required AcknowledgementStore Acknowledgements { get; init; }
    [CascadingParameter] public required HttpContext Context { get; init; }

    private ThemeChoice Theme { get; set; }
    private bool HasAcknowledged { get; set; }

    // "system" is the device's to answer: theme.js does, before the first paint.
    private string? ServerTheme => Theme == ThemeChoice.System ? null : Theme.Name();

    protected override async Task OnInitializedAsync()
    {
        Theme = ThemeChoices.Parse(Context.Request.Cookies[ThemeChoices.Cookie]);
        HasAcknowledged = await Acknowledgements.FindAsync(
            Context.Request.Cookies[Acknowledgement.Cookie], Acknowledgement.Version, Context.RequestAborted) is not null;
    }
}
