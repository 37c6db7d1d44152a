using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FacialR1.Portal.Live;
using FacialR1.Portal.Tests.Hosting;
using FacialR1.TestKit;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tests.Live;

/// <summary>Programs outside follow a run while the portal is restarted under them: over a real connection, on a real port.</summary>
public sealed partial class OutsideClientTests : IDisposable
{
    private const int Before = 40, Meanwhile = 30, After = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder runs = new();
    private readonly RunFolder run;

    public OutsideClientTests()
    {
        run = RunFolder.CreateOrOpen(runs.File("outside"), new JsonObject { ["kind"] = "sft" });
        Append(Before);
    }

    [Fact]
    public async Task Watching_goes_on_through_a_restart_of_the_portal_without_losing_or_repeating_an_event()
    {
        using var patience = new CancellationTokenSource(Patience);
        var seen = new List<long>();
        var waits = 0;
        var portal = Portal();
        try
        {
            var address = portal.Listen(LastingPort.Find());
            var remote = new RemoteRun(address, TimeProvider.System) { Waiting = (_, _) => waits++ };
            await foreach (var batch in remote.FollowAsync("outside", after: 0, patience.Token))
            {
                seen.AddRange(batch.Events.Select(read => read.Sequence));
                if (seen[^1] == Before) portal = await RestartAsync(portal, address);
                if (seen[^1] == Before + Meanwhile) Append(After);
                if (seen[^1] == Before + Meanwhile + After) break;
            }
        }
        finally
        {
            await portal.DisposeAsync();
        }

        Assert.Equal(Numbers(Before + Meanwhile + After), seen);
        Assert.True(waits > 0, "the connection never broke, so nothing was shown");
    }

    /// <summary>Runs the snippet of docs/live-training.md as it stands. Needs node and the npm package @microsoft/signalr where node finds it (NODE_PATH).</summary>
    [SkippableFact]
    public async Task The_documented_JavaScript_follows_a_run_through_a_restart_of_the_portal()
    {
        const string Missing = "node with the package @microsoft/signalr is not installed; npm install it and set NODE_PATH to run this test.";
        if (!await HasJavaScriptClientAsync())
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null or "", Missing);
            Skip.If(true, Missing);
        }

        var snippet = Snippet().Match(await File.ReadAllTextAsync(Path.Combine(PortalFactory.RepositoryRoot(), "docs", "live-training.md"))).Groups[1].Value;
        var portal = Portal();
        Process? node = null;
        try
        {
            var address = portal.Listen(LastingPort.Find());
            node = Process.Start(new ProcessStartInfo("node")
            {
                ArgumentList = { "-", address.ToString().TrimEnd('/'), "outside" }, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            node.ErrorDataReceived += (_, _) => { };
            node.BeginErrorReadLine();
            await node.StandardInput.WriteAsync(snippet);
            node.StandardInput.Close();
            var seen = new List<string>();
            await ReadAsync(node, seen, Before);
            portal = await RestartAsync(portal, address);
            await ReadAsync(node, seen, Meanwhile);
            Append(After);
            await ReadAsync(node, seen, After);
            Assert.Equal(Numbers(Before + Meanwhile + After).Select(number => $"{number} step {number} 0.5"), seen);
        }
        finally
        {
            node?.Kill();
            node?.Dispose();
            await portal.DisposeAsync();
        }
    }

    public void Dispose() => runs.Dispose();

    private PortalFactory Portal() => new(ScriptedModel.Answering("")) { Runs = Path.GetDirectoryName(run.Path) };

    /// <summary>The portal ends, training goes on, and another portal opens at the same address.</summary>
    private async Task<PortalFactory> RestartAsync(PortalFactory portal, Uri address)
    {
        await portal.DisposeAsync();
        Append(Meanwhile);
        var next = Portal();
        next.Listen(address.Port);
        return next;
    }

    private void Append(int steps)
    {
        using var log = new Training.Runs.EventLog(run.EventFile, TimeProvider.System);
        for (var i = 0; i < steps; i++) log.Append("step", new JsonObject { ["phase"] = "text", ["step"] = log.Sequence + 1, ["loss"] = 0.5 });
    }

    private static IEnumerable<long> Numbers(int count) => Enumerable.Range(1, count).Select(number => (long)number);

    private static async Task ReadAsync(Process node, List<string> seen, int lines)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var line = 0; line < lines; line++) seen.Add(await node.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The client ended."));
    }

    private static async Task<bool> HasJavaScriptClientAsync()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node") { ArgumentList = { "-e", "require.resolve('@microsoft/signalr')" }, RedirectStandardError = true })!;
            await node.WaitForExitAsync();
            return node.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
