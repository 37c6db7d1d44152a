using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FacialR1.Portal.BrowserTests;

public sealed class CompareFlowTests(PortalAndBrowser portal) : BrowserTest(portal)
{
    private const string Address = "/compare?of=flow-early&of=flow-late";

    [SkippableFact]
    public async Task Samples_are_stepped_through_searched_and_kept_with_the_keyboard_alone()
    {
        NeedBrowser();
        Write();
        var page = await Portal.VisitAsync(Address);
        await Expect(page.Locator("table.sample-table")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("tr.open th")).ToHaveTextAsync("s00");
        await Expect(page.Locator("#sample-0")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("tr.open th")).ToHaveTextAsync("s01");
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator("tr.open th")).ToHaveTextAsync("s00");
        await Expect(page.Locator("#sample-0")).ToBeFocusedAsync();   // the focus follows the row a moment later, and would leave the search again

        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#sample-search")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("s07");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("1 of 40 samples")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();

        await page.ReloadAsync();
        await Expect(page.GetByText("1 of 40 samples")).ToBeVisibleAsync();   // everything is in the address
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_comparison_has_no_serious_accessibility_fault_and_no_sideways_scroll(ColorScheme scheme, int width)
    {
        NeedBrowser();
        Write();
        var page = await Portal.VisitAsync(Address + "&sample=s03&columns=label,units,answer,claims,change,gain,unitf1,text", scheme, width);
        await Expect(page.Locator("tr.open")).ToBeVisibleAsync();
        Assert.Empty((await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    private void Write()
    {
        Directory.CreateDirectory(Portal.Evaluations);
        foreach (var (name, right, units) in new[] { ("flow-early", 10, "AU6"), ("flow-late", 30, "AU6, AU12") })
        {
            var file = Path.Combine(Portal.Evaluations, name + ".jsonl");
            if (File.Exists(file)) continue;
            var lines = new List<string>
            {
                $$"""{"kind":"evaluation","format":1,"model":"{{name}}","benchmark":"drawn/test","dataSha256":"{{new string('a', 64)}}","samples":40,"sampleIdsSha256":"{{new string('b', 64)}}","actionUnits":["AU4","AU6","AU12"],"labelNote":"Made for a test.","prompt":"facial-r1/compact/1","decoding":{} }""",
            };
            for (var index = 0; index < 40; index++)
                lines.Add(JsonSerializer.Serialize(new
                {
                    sample = string.Create(CultureInfo.InvariantCulture, $"s{index:00}"), emotion = "happiness", actionUnits = new[] { "AU6", "AU12" }, tokens = 12,
                    text = $"<think>Something moves ({units}).</think><answer>{(index < right ? "happiness" : "sadness")}</answer>",
                }));
            File.WriteAllLines(file, lines);
        }
    }
}
