using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FacialR1.Portal.Runs;
using FacialR1.Portal.Tests.Hosting;
using FacialR1.Training.Runs;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Live;

/// <summary>Runs the snippet of docs/live-training.md as it stands. Needs node and the npm package @microsoft/signalr where node finds it (NODE_PATH).</summary>
public sealed partial class JavaScriptClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public async Task The_documented_snippet_follows_a_run()
    {
        Skip.IfNot(await HasClientAsync(), "node with the package @microsoft/signalr is not installed; npm install it and set NODE_PATH to run this test.");
        var snippet = Snippet().Match(await File.ReadAllTextAsync(Path.Combine(PortalFactory.RepositoryRoot(), "docs", "live-training.md"))).Groups[1].Value;
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        portal.UseKestrel(0);
        portal.StartServer();
        var address = portal.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var run = RunFolder.CreateOrOpen(Path.Combine(portal.Services.GetRequiredService<RunCatalog>().Folder, "js"), []);
        Append(run, 2);

        var start = new ProcessStartInfo("node") { ArgumentList = { "-", address, "js" }, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var node = Process.Start(start)!;
        try
        {
            await node.StandardInput.WriteAsync(snippet);
            node.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            Assert.StartsWith("1 step 1 ", await node.StandardOutput.ReadLineAsync(patience.Token), StringComparison.Ordinal);
            Assert.StartsWith("2 step 2 ", await node.StandardOutput.ReadLineAsync(patience.Token), StringComparison.Ordinal);
            Append(run, 1);
            Assert.StartsWith("3 step 3 ", await node.StandardOutput.ReadLineAsync(patience.Token), StringComparison.Ordinal);
        }
        finally
        {
            node.Kill();
        }
    }

    private static void Append(RunFolder run, int steps)
    {
        using var log = new Training.Runs.EventLog(run.EventFile, TimeProvider.System);
        for (var i = 0; i < steps; i++) log.Append("step", new JsonObject { ["phase"] = "text", ["step"] = log.Sequence + 1, ["loss"] = 0.5 });
    }

    private static async Task<bool> HasClientAsync()
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
