using Microsoft.Playwright;

namespace FacialR1.Portal.BrowserTests;

/// <summary>One portal and one browser for all flows; each flow gets a fresh profile.</summary>
public sealed class PortalAndBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private PortalProcess? portal;
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Why nothing can be shown here; null when a browser was found.</summary>
    public string? Missing { get; } = Chromium() is null ? "No Chromium was found. Install it (Debian: apt-get install chromium) or name it in the variable CHROMIUM." : null;

    public Uri Address => portal!.Address;

    public string PortalOutput => portal!.Output;

    /// <summary>Where the portal looks for results.</summary>
    public string Evaluations => portal!.Evaluations;

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        // A busy build machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        portal = await PortalProcess.StartAsync();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium(), Headless = true, Args = Arguments });
    }

    /// <summary>A visitor with no history.</summary>
    public Task<IPage> VisitAsync(string address = "/", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900) =>
        VisitAsync(Address, address, scheme, width, height);

    /// <summary>A visitor of a portal that a test started for itself.</summary>
    public async Task<IPage> VisitAsync(Uri portalAddress, string address, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portalAddress.ToString(), ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await GoAsync(page, address);
        return page;
    }

    /// <summary>Opens a page and waits until it can be used: the server has taken it over from the prerendered one.</summary>
    public static async Task GoAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await ReadyAsync(page);
    }

    public static Task ReadyAsync(IPage page) => page.WaitForSelectorAsync("html[data-interactive=true]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

    public static async Task AcceptRulesAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "I have read this and will keep to it" }).ClickAsync();
        await page.WaitForSelectorAsync("input[type=file]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        await ReadyAsync(page);
    }

    /// <summary>Closes every visitor's windows; open ones go on drawing and talking to the portal.</summary>
    public async Task LeaveAsync()
    {
        if (browser is null) return;
        foreach (var visitor in browser.Contexts.ToArray()) await visitor.CloseAsync();
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (portal is not null) await portal.DisposeAsync();
    }

    private static string? Chromium() => new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    }.FirstOrDefault(File.Exists);
}

[CollectionDefinition(Name)]
public sealed class BrowserFlows : ICollectionFixture<PortalAndBrowser>
{
    public const string Name = "browser flows";
}

/// <summary>What every flow needs. Without a browser a flow is skipped, except where CI promises one.</summary>
[Collection(BrowserFlows.Name)]
public abstract class BrowserTest(PortalAndBrowser portal) : IAsyncLifetime
{
    protected PortalAndBrowser Portal { get; } = portal;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Portal.LeaveAsync();

    protected void NeedBrowser()
    {
        if (Portal.Missing is null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Portal.Missing);
        Skip.If(true, Portal.Missing);
    }

    protected void NeedCheckpoint()
    {
        NeedBrowser();
        Skip.IfNot(PortalProcess.HasEmbeddedCheckpoint, "The embedded checkpoint data/checkpoints/mini is not there.");
    }

    /// <summary>A photo of one person.</summary>
    protected static string Photo
    {
        get
        {
            var samples = Path.Combine(PortalProcess.RepositoryRoot, "data", "samples");
            return Directory.Exists(samples) && Directory.EnumerateFiles(samples, "*.jpg").Order(StringComparer.Ordinal).FirstOrDefault() is { } photo
                ? photo
                : throw new FileNotFoundException("data/samples holds no photo.");
        }
    }
}
