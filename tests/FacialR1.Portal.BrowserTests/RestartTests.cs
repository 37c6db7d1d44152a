using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FacialR1.Portal.BrowserTests;

public sealed class RestartTests(PortalAndBrowser portal) : BrowserTest(portal)
{
    [SkippableFact]
    public async Task After_a_power_cut_the_open_page_comes_back_by_itself_and_every_photo_gets_its_answer()
    {
        NeedCheckpoint();
        await using var own = await PortalProcess.StartAsync();
        var page = await Portal.VisitAsync(own.Address, "/");
        await PortalAndBrowser.AcceptRulesAsync(page);
        await page.SetInputFilesAsync("input[type=file]", Enumerable.Repeat(Photo, 6));
        await Expect(page.Locator(".photo-card")).ToHaveCountAsync(6, new() { Timeout = 120_000 });
        var address = page.Url;

        var reload = page.WaitForRequestFinishedAsync(new() { Predicate = request => request.IsNavigationRequest, Timeout = 120_000 });
        await own.KillAndStartAgainAsync();

        await reload;
        await PortalAndBrowser.ReadyAsync(page);
        Assert.Equal(address, page.Url);
        await Expect(page.Locator(".status-done")).ToHaveCountAsync(6, new() { Timeout = 120_000 });
        Assert.DoesNotContain("Unhandled", own.Output, StringComparison.Ordinal);
    }
}
