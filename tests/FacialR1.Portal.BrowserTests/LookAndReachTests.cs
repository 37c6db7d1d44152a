using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FacialR1.Portal.BrowserTests;

public sealed class LookAndReachTests(PortalAndBrowser portal) : BrowserTest(portal)
{
    private static readonly string[] Grave = ["serious", "critical"];

    public static TheoryData<string, ColorScheme> PagesInBothSchemes
    {
        get
        {
            var data = new TheoryData<string, ColorScheme>();
            foreach (var page in (string[])[.. Pages.All, "/no-such-page"])
            {
                data.Add(page, ColorScheme.Light);
                data.Add(page, ColorScheme.Dark);
            }
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(PagesInBothSchemes))]
    public async Task No_page_has_a_serious_accessibility_fault(string address, ColorScheme scheme)
    {
        NeedBrowser();
        var page = await Portal.VisitAsync(address, scheme);

        AssertAccessible(await page.RunAxe());
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_result_and_the_open_settings_have_no_serious_accessibility_fault(ColorScheme scheme)
    {
        NeedCheckpoint();
        var page = await Portal.VisitAsync("/", scheme);
        await PortalAndBrowser.AcceptRulesAsync(page);
        await page.SetInputFilesAsync("input[type=file]", Photo);
        await Expect(page.Locator(".status-tag")).ToHaveTextAsync("done", new() { Timeout = 120_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Decoding" }).ClickAsync();
        await Expect(page.GetByLabel("Temperature")).ToBeVisibleAsync();

        AssertAccessible(await page.RunAxe());
        await AssertNoSidewaysScrollAsync(page);
    }

    [SkippableFact]
    public async Task No_page_scrolls_sideways_on_a_phone()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync("/", width: 390, height: 844);
        foreach (var address in Pages.All)
        {
            await PortalAndBrowser.GoAsync(page, address);
            await AssertNoSidewaysScrollAsync(page);
        }
    }

    [SkippableFact]
    public async Task On_a_phone_the_menu_opens_leads_somewhere_and_closes()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync("/", width: 390, height: 844);
        await Expect(page.Locator("#main-menu")).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "About", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "About", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator("#main-menu")).ToBeHiddenAsync();
    }

    [SkippableFact]
    public async Task Dark_follows_the_device_until_a_choice_is_made_and_the_choice_stays()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync("/", ColorScheme.Dark);
        Assert.Equal("dark", await SchemeAsync(page));
        Assert.True(await BrightnessAsync(page) < 60);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Light" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        Assert.True(await BrightnessAsync(page) > 200);

        // The first byte has the choice already: no dark frame before the page comes alive.
        var response = await page.ReloadAsync();
        Assert.Contains("data-theme=\"light\"", await response!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("light", await SchemeAsync(page));

        await PortalAndBrowser.ReadyAsync(page);
        await page.GetByRole(AriaRole.Radio, new() { Name = "Like the device" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [SkippableFact]
    public async Task The_portal_can_be_used_with_the_keyboard_alone()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync("/about");

        // The first stop is the way past the navigation.
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#content")).ToBeFocusedAsync();

        await TabToAsync(page, "link", "Analyze");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Analyze a face" })).ToBeVisibleAsync();
        await PortalAndBrowser.ReadyAsync(page);

        await TabToAsync(page, "button", "I have read this and will keep to it");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("input[type=file]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        await PortalAndBrowser.ReadyAsync(page);

        // The theme is one stop; the arrows move inside it.
        await TabToAsync(page, "radio", "Like the device");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        // The file input is a stop of its own, with its focus visible on the zone around it.
        await TabToAsync(page, null, "photos");
        Assert.NotEqual("none", await page.Locator(".drop").EvaluateAsync<string>("zone => getComputedStyle(zone).outlineStyle"));

        if (!PortalProcess.HasEmbeddedCheckpoint) return;
        await TabToAsync(page, "sample", null);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".status-tag")).ToHaveTextAsync("done", new() { Timeout = 120_000 });
    }

    /// <summary>Presses Tab until the wanted thing has the focus, as a person would.</summary>
    private static async Task TabToAsync(IPage page, string? role, string? name)
    {
        const string Focused = """
            () => {
              const e = document.activeElement;
              const role = e.getAttribute("role") ?? (e.tagName === "A" ? "link" : e.classList.contains("sample") ? "sample" : e.tagName.toLowerCase());
              return [role, e.getAttribute("aria-label") ?? e.id ?? "", e.innerText ?? ""].map(s => s.trim());
            }
            """;
        for (var press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string[]>(Focused);
            if ((role is null || focused[0] == role) && (name is null || focused[1] == name || focused[2] == name)) return;
        }
        Assert.Fail($"The Tab key never reached {role} {name}.");
    }

    private static async Task AssertNoSidewaysScrollAsync(IPage page)
    {
        var (wanted, shown) = (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("() => document.documentElement.clientWidth"));
        Assert.True(wanted <= shown, $"{page.Url} is {wanted} pixels wide on a screen of {shown}.");
    }

    private static Task<string?> SchemeAsync(IPage page) => page.Locator("html").GetAttributeAsync("data-theme");

    private static Task<double> BrightnessAsync(IPage page) => page.EvaluateAsync<double>(
        "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3");

    private static void AssertAccessible(Deque.AxeCore.Commons.AxeResult result) => Assert.Empty(result.Violations
        .Where(violation => Grave.Contains(violation.Impact))
        .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
}
