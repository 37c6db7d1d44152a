using Bunit;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Tests.Features;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace FacialR1.Portal.Tests.Layout;

public sealed class ThemeTests : ComponentTest
{
    private protected override Visitor Visitor => new(ThemeChoice.Dark, HasAcknowledged: true);

    [Fact]
    public async Task Choosing_a_theme_remembers_it_in_the_browser()
    {
        var module = JSInterop.SetupModule("./Layout/ThemeToggle.razor.js");
        module.SetupVoid("remember", _ => true).SetVoidResult();
        var shown = Render<ThemeToggle>();
        Assert.Equal(["false", "true", "false"], shown.FindAll("[role=radio]").Select(choice => choice.GetAttribute("aria-checked")));

        await shown.FindAll("[role=radio]")[0].ClickAsync();

        Assert.Equal(["true", "false", "false"], shown.FindAll("[role=radio]").Select(choice => choice.GetAttribute("aria-checked")));
        Assert.Equal(["facialr1-theme", "light"], module.VerifyInvoke("remember").Arguments);
    }

    [Fact]
    public async Task Arrow_keys_move_through_the_themes_and_only_the_chosen_one_is_a_tab_stop()
    {
        var shown = Render<ThemeToggle>();
        await shown.Find("[role=radiogroup]").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowRight" });

        Assert.Equal(["false", "false", "true"], shown.FindAll("[role=radio]").Select(choice => choice.GetAttribute("aria-checked")));
        Assert.Equal(["-1", "-1", "0"], shown.FindAll("[role=radio]").Select(choice => choice.GetAttribute("tabindex")));
    }

    [Theory]
    [InlineData(null, ThemeChoice.System)]
    [InlineData("dark", ThemeChoice.Dark)]
    [InlineData("Light", ThemeChoice.Light)]
    [InlineData("7", ThemeChoice.System)]
    [InlineData("<script>", ThemeChoice.System)]
    public void A_cookie_is_one_of_the_three_choices_or_the_devices(string? cookie, ThemeChoice choice) => Assert.Equal(choice, ThemeChoices.Parse(cookie));

    [Theory]
    [InlineData(ThemeScheme.Light)]
    [InlineData(ThemeScheme.Dark)]
    public void Text_and_controls_can_be_read_on_their_surfaces(ThemeScheme scheme)
    {
        Palette palette = scheme == ThemeScheme.Dark ? PortalTheme.For(scheme).PaletteDark : PortalTheme.For(scheme).PaletteLight;
        foreach (var text in new[] { palette.TextPrimary, palette.TextSecondary, palette.Primary, palette.Error, palette.Success, palette.Warning })
            foreach (var surface in new[] { palette.Surface, palette.Background, palette.BackgroundGray })
                Assert.True(Contrast(text, surface) >= 4.5, $"{text} on {surface}: {Contrast(text, surface):0.00}");
        Assert.True(Contrast(palette.PrimaryContrastText, palette.Primary) >= 4.5);
        Assert.True(Contrast(palette.LinesInputs, palette.Surface) >= 3);
    }

    [Fact]
    public void A_page_that_throws_shows_a_trace_id_and_can_be_tried_again()
    {
        var isBroken = true;
        var shown = Render<TracedErrorBoundary>(parameters => parameters.Add(boundary => boundary.ChildContent, builder =>
        {
            if (isBroken) throw new InvalidOperationException("secret detail");
            builder.AddContent(0, "fine again");
        }));

        Assert.Matches("^[0-9a-f]{32}$", shown.Find(".trace-id").TextContent);
        Assert.DoesNotContain("secret", shown.Markup, StringComparison.Ordinal);

        isBroken = false;
        shown.Find("button").Click();
        Assert.Contains("fine again", shown.Markup, StringComparison.Ordinal);
    }

    /// <summary>WCAG 2.2, relative luminance and contrast ratio.</summary>
    private static double Contrast(MudBlazor.Utilities.MudColor a, MudBlazor.Utilities.MudColor b)
    {
        static double Linear(byte channel) => channel / 255.0 is <= 0.04045 and var low ? low / 12.92 : Math.Pow((channel / 255.0 + 0.055) / 1.055, 2.4);
        static double Luminance(MudBlazor.Utilities.MudColor colour) => 0.2126 * Linear(colour.R) + 0.7152 * Linear(colour.G) + 0.0722 * Linear(colour.B);
        var (light, dark) = (Math.Max(Luminance(a), Luminance(b)), Math.Min(Luminance(a), Luminance(b)));
        return (light + 0.05) / (dark + 0.05);
    }
}
