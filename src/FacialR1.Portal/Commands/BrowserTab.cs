using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FacialR1.Portal.Commands;

/// <summary>One tab of a Chromium without a window, driven over its DevTools protocol. For measurements.</summary>
internal sealed partial class BrowserTab : IAsyncDisposable
{
    private readonly Process browser;
    private readonly ClientWebSocket socket = new();
    private string? session;
    private int number;

    private BrowserTab(Process browser) => this.browser = browser;

    /// <param name="program">Path or name of Chromium or Chrome.</param>
    /// <param name="profile">An empty folder for the browser.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message says what to do.</exception>
    public static async Task<BrowserTab> OpenAsync(string program, string profile, int width, int height, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { "--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", $"--user-data-dir={profile}", "about:blank" },
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException($"The browser \"{program}\" does not start: {error.Message} Name Chromium or Chrome with --browser.", error);
        }

        var tab = new BrowserTab(process);
        try
        {
            process.BeginOutputReadLine();
            string? line;
            Match match;
            do line = await process.StandardError.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The browser \"{program}\" ended at its start.");
            while (!(match = Listening().Match(line)).Success);
            _ = process.StandardError.ReadToEndAsync(cancellationToken);
            await tab.socket.ConnectAsync(new Uri(match.Groups[1].Value), cancellationToken);
            var target = (string)(await tab.SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, cancellationToken))["targetId"]!;
            tab.session = (string)(await tab.SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }, cancellationToken))["sessionId"]!;
            await tab.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false }, cancellationToken);
            return tab;
        }
        catch
        {
            await tab.DisposeAsync();
            throw;
        }
    }

    public Task VisitAsync(Uri address, CancellationToken cancellationToken) => SendAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() }, cancellationToken);

    /// <summary>Runs a script in the page and waits for the promise it gives.</summary>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public async Task<JsonNode?> RunAsync(string script, CancellationToken cancellationToken)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        return answer["exceptionDetails"] is { } problem ? throw new InvalidOperationException($"The page's script failed: {problem}") : answer["result"]?["value"]?.DeepClone();
    }

    private async Task<JsonObject> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["id"] = ++number, ["method"] = method, ["params"] = parameters };
        if (session is not null) message["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, cancellationToken);
        while (true)
        {
            // What the browser tells of its own accord is passed over.
            var answer = await ReceiveAsync(cancellationToken);
            if ((int?)answer["id"] != number) continue;
            return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error["message"]}") : (JsonObject)answer["result"]!;
        }
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>();
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(text.GetMemory(1 << 16), cancellationToken);
            text.Advance(received.Count);
        }
        while (!received.EndOfMessage);
        return (JsonObject)JsonNode.Parse(text.WrittenSpan)!;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!browser.HasExited) browser.Kill(entireProcessTree: true);
        await browser.WaitForExitAsync();
        browser.Dispose();
    }

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Listening();
}
