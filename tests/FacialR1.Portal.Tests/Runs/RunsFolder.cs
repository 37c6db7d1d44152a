using System.Text.Json.Nodes;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Runs;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Runs;

/// <summary>A runs folder of its own with catalogue, feed, desk and queue on it; training is the tiny process of the tests.</summary>
internal sealed class RunsFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly PortalFolder data = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Microsoft.Extensions.Hosting.BackgroundService> services = [];

    public RunsFolder()
    {
        Directory.CreateDirectory(data.Paths.Runs);
        Directory.CreateDirectory(Path.Combine(data.Root, "faces"));
        Launcher = new RunLauncher(data.Paths) { Program = ["dotnet", typeof(LinePhase).Assembly.Location] };
        (Catalog, Feed, Desk) = Parts(Changes);
    }

    public FolderChanges Changes { get; } = new();
    public RunLauncher Launcher { get; }
    public RunCatalog Catalog { get; private set; }
    public RunFeed Feed { get; private set; }
    public RunDesk Desk { get; private set; }
    public string Folder => data.Paths.Runs;

    public static Dictionary<string, string> Options(int epochs, int milliseconds, int seed = 1) => new()
    {
        ["--data"] = "faces", ["--text-epochs"] = epochs.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["--limit"] = milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture), ["--seed"] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public RunFolder At(string id) => RunFolder.At(Path.Combine(Folder, id));

    /// <summary>A folder as a training process would leave it.</summary>
    public RunFolder Add(string id, string status, int steps = 0, string kind = "sft")
    {
        var run = RunFolder.CreateOrOpen(Path.Combine(Folder, id), new JsonObject { ["kind"] = kind, ["stage"] = "supervised", ["phases"] = new JsonObject { ["teacher"] = 1, ["text"] = 1 } });
        using var log = new EventLog(run.EventFile, TimeProvider.System);
        log.Append("started", new JsonObject { ["process"] = Environment.ProcessId });
        for (var step = 1; step <= steps; step++) Step(log, step);
        run.WriteStatus(status);
        return run;
    }

    public static void Step(EventLog log, long step) =>
        log.Append("step", new JsonObject { ["phase"] = "text", ["step"] = step, ["steps"] = 1000, ["loss"] = 1.0 / step, ["samples_per_second"] = 50 });

    /// <summary>Starts watcher and queue, as a portal does.</summary>
    public void Open()
    {
        services.Add(new RunWatcher(Catalog, Changes, TimeProvider.System, NullLogger<RunWatcher>.Instance));
        services.Add(new RunQueue(Catalog, Desk, Launcher, Changes, TimeProvider.System, NullLogger<RunQueue>.Instance));
        foreach (var service in services) service.StartAsync(stop.Token);
    }

    /// <summary>Another portal on the same folder, after this one is gone.</summary>
    public async Task RestartAsync()
    {
        foreach (var service in services) await service.StopAsync(CancellationToken.None);
        services.Clear();
        (Catalog, Feed, Desk) = Parts(Changes);
        Open();
    }

    public async Task<RunSummary> UntilAsync(string id, Func<RunSummary, bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            Catalog.Refresh();
            if (Catalog.Find(id) is { } run && condition(run)) return run;
            Assert.True(DateTime.UtcNow < until, $"{Catalog.Find(id)?.State} {Catalog.Find(id)?.Problem}");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        foreach (var service in services) service.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        foreach (var run in Catalog.Refresh().Where(run => run.State.IsActive()))
            if (At(run.Id).Process is { IsAlive: true } process && process.Process != Environment.ProcessId)
            {
                using var child = System.Diagnostics.Process.GetProcessById(process.Process);
                child.Kill();
                child.WaitForExit();
            }

        data.Dispose();
        stop.Dispose();
    }

    private (RunCatalog Catalog, RunFeed Feed, RunDesk Desk) Parts(FolderChanges changes)
    {
        var catalog = new RunCatalog(data.Paths, changes, TimeProvider.System);
        var desk = new RunDesk(catalog, new CheckpointCatalog(data.Paths), Launcher, changes, data.Paths, Microsoft.Extensions.Options.Options.Create(new RunOptions { DataFolders = ["faces"] }), TimeProvider.System);
        return (catalog, new RunFeed(catalog, changes, TimeProvider.System), desk);
    }
}
