using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace FacialR1.Portal.Layout;

/// <summary>Light, dark, or whatever the device uses. The choice is kept in a cookie; the page changes at once, without a round trip.</summary>
public sealed partial class ThemeToggle : ComponentBase, IAsyncDisposable
{
    private static readonly (ThemeChoice Choice, string Icon, string Label)[] Options =
    [
        (ThemeChoice.Light, Icons.Material.Outlined.LightMode, "Light"),
        (ThemeChoice.Dark, Icons.Material.Outlined.DarkMode, "Dark"),
        (ThemeChoice.System, Icons.Material.Outlined.Contrast, "Like the device"),
    ];

    private readonly Dictionary<ThemeChoice, ElementReference> buttons = [];
    private ThemeChoice chosen;
    private IJSObjectReference? script;

    [Inject] public required IJSRuntime Browser { get; init; }
    [CascadingParameter] public required Visitor Visitor { get; set; }

    protected override void OnInitialized() => chosen = Visitor.Theme;

    private async Task ChooseAsync(ThemeChoice choice)
    {
        chosen = choice;
        script ??= await Browser.InvokeAsync<IJSObjectReference>("import", "./Layout/ThemeToggle.razor.js");
        await script.InvokeVoidAsync("remember", ThemeChoices.Cookie, choice.Name());
    }

    /// <summary>Arrow keys move and choose, as in every radio group.</summary>
    private async Task MoveAsync(KeyboardEventArgs key)
    {
        var step = key.Key switch { "ArrowRight" or "ArrowDown" => 1, "ArrowLeft" or "ArrowUp" => -1, _ => 0 };
        if (step == 0) return;
        var at = Array.FindIndex(Options, option => option.Choice == chosen);
        var next = Options[(at + step + Options.Length) % Options.Length].Choice;
        await ChooseAsync(next);
        await buttons[next].FocusAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try { if (script is not null) await script.DisposeAsync(); }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
    }
}
