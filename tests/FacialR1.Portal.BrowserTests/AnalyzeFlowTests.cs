using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FacialR1.Portal.BrowserTests;

public sealed partial class AnalyzeFlowTests(PortalAndBrowser portal) : BrowserTest(portal)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 120_000 };
    private static readonly LocatorAssertionsToContainTextOptions PatientText = new() { Timeout = 120_000 };

    [SkippableFact]
    public async Task A_photo_is_uploaded_streamed_stored_and_still_there_after_a_reload()
    {
        NeedCheckpoint();
        var page = await Portal.VisitAsync();
        await PortalAndBrowser.AcceptRulesAsync(page);

        await page.SetInputFilesAsync("input[type=file]", Photo);
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = ChosenFace() })).ToBeVisibleAsync(Patiently);
        // A reload in the middle: the address holds the batch, the analysis goes on outside the page.
        await Expect(page).ToHaveURLAsync(BatchAddress());
        await page.ReloadAsync();
        await Expect(page.Locator(".status-tag")).ToHaveTextAsync("done", new() { Timeout = 120_000 });
        var reasoning = await page.Locator(".reasoning").InnerTextAsync();
        Assert.NotEmpty(reasoning);
        await Expect(page.Locator(".emotion-bars li")).ToHaveCountAsync(7);
        await Expect(page.Locator(".measures")).ToContainTextAsync("tokens/s");
        await Expect(page.GetByText("The model saw only this crop")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Link of this analysis" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(AnalysisAddress());
        await page.ReloadAsync();
        Assert.Equal(reasoning, await page.Locator(".reasoning").InnerTextAsync());

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await Expect(page.Locator(".history li").First).ToContainTextAsync(Path.GetFileName(Photo));
    }

    [SkippableFact]
    public async Task Two_visitors_both_see_the_words_of_one_analysis_and_a_closed_tab_does_not_end_it()
    {
        NeedCheckpoint();
        var first = await Portal.VisitAsync();
        await PortalAndBrowser.AcceptRulesAsync(first);
        await first.SetInputFilesAsync("input[type=file]", Photo);
        await Expect(first.GetByRole(AriaRole.Link, new() { Name = "Link of this analysis" })).ToBeVisibleAsync(Patiently);
        var link = await first.GetByRole(AriaRole.Link, new() { Name = "Link of this analysis" }).GetAttributeAsync("href");

        var second = await Portal.VisitAsync(link!);
        await first.Context.CloseAsync();

        await Expect(second.Locator(".status-tag")).ToHaveTextAsync("done", new() { Timeout = 120_000 });
        Assert.NotEmpty(await second.Locator(".reasoning").InnerTextAsync());
    }

    [SkippableFact]
    public async Task A_bad_file_is_explained_and_nothing_else_breaks()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync();
        await PortalAndBrowser.AcceptRulesAsync(page);

        await page.SetInputFilesAsync("input[type=file]", new FilePayload { Name = "letter.jpg", MimeType = "image/jpeg", Buffer = "Dear reader"u8.ToArray() });

        await Expect(page.Locator(".mud-alert")).ToContainTextAsync("letter.jpg was not taken. This file is not a picture", PatientText);
        await Expect(page.Locator(".photo-card")).ToHaveCountAsync(0);
        await Expect(page.Locator("input[type=file]")).ToBeEnabledAsync();
    }

    [SkippableFact]
    public async Task A_pasted_picture_is_taken_like_a_chosen_one()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync();
        await PortalAndBrowser.AcceptRulesAsync(page);

        await page.EvaluateAsync("""
            () => {
              const data = new DataTransfer();
              data.items.add(new File(["no picture"], "pasted.png", { type: "image/png" }));
              document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """);

        await Expect(page.Locator(".mud-alert")).ToContainTextAsync("pasted.png was not taken", PatientText);
    }

    [SkippableFact]
    public async Task The_browser_reports_no_error_on_any_page()
    {
        NeedBrowser();
        var page = await Portal.VisitAsync();
        var errors = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        page.PageError += (_, error) => errors.Add(error);

        foreach (var address in Pages.All) await PortalAndBrowser.GoAsync(page, address);

        Assert.Empty(errors);
        Assert.DoesNotContain("fail:", Portal.PortalOutput, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Face 1 of \d+, chosen")]
    private static partial Regex ChosenFace();

    [GeneratedRegex(@"\?batch=[0-9a-f-]{36}")]
    private static partial Regex BatchAddress();

    [GeneratedRegex("/analyses/[0-9a-f-]{36}$")]
    private static partial Regex AnalysisAddress();
}
