using System.Diagnostics;
using FacialR1.Portal.Live;
using FacialR1.Portal.Runs;
using FacialR1.TestKit;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tests.Runs;

/// <summary>Portal and training are processes of their own here, and are killed as a power cut or the system would kill them.</summary>
public sealed class PowerCutTests : IDisposable
{
    private const string Run = "cut";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();
    private readonly Random moments;
    private readonly int seed = Environment.TickCount;

    public PowerCutTests() => moments = new Random(seed);

    [Fact]
    public async Task Neither_the_death_of_the_portal_nor_of_both_loses_or_doubles_an_event_for_anyone()
    {
        var queued = RunFolder.At(Directory.CreateDirectory(folder.File("runs/" + Run)).FullName);
        new RunLaunch("sft", ["sft", "--text-epochs=40", "--limit=15"], new Dictionary<string, string>(), "cpu", null, folder.Path, DateTimeOffset.UtcNow).Write(queued.Path);
        queued.WriteStatus(RunFolder.Queued);

        using var end = new CancellationTokenSource(Patience);
        var address = new Uri($"http://127.0.0.1:{LastingPort.Find()}");
        var portal = await RunningPortal.StartAsync(folder.Path, address);
        var watching = WatchAsync(address, end.Token);
        try
        {
            await UntilAsync(() => Steps(queued) > 0);
            var training = queued.Process!;
            portal.Kill();
            var steps = Steps(queued);
            await UntilAsync(() => Steps(queued) > steps + moments.Next(1, 20));   // nobody is there, and training goes on
            await PauseAsync(queued);   // a busy machine may start a portal more slowly than the run takes
            portal = await RunningPortal.StartAsync(folder.Path, address);
            Assert.Equal((training.Process, (bool?)true), (queued.Process!.Process, training.IsAlive));

            queued.Ask(RunRequest.None);
            steps = Steps(queued);
            await UntilAsync(() => Steps(queued) > steps + moments.Next(1, 40));
            portal.Kill();
            End(training);
            await UntilAsync(() => training.IsAlive == false);
            portal = await RunningPortal.StartAsync(folder.Path, address);
            Assert.Equal(0, await RunningPortal.CommandAsync(folder.Path, "runs", "resume", Run, "--queue"));
            await UntilAsync(() => queued.Status == RunFolder.Completed);
            var seen = await watching.WaitAsync(Patience);

            var whole = RunFolder.At(folder.File("whole"));
            Assert.Equal(0, await RunningPortal.TrainAsync(whole.Path, "--text-epochs=40", "--limit=0"));
            var (broken, unbroken) = (Events(queued), Events(whole));
            Assert.True(Enumerable.Range(1, broken.Count).Select(number => (long)number).SequenceEqual(seen), $"seen outside, seed {seed}: {seen.Count} of {broken.Count}");
            Assert.DoesNotContain(broken, read => read.Kind == "diverged");
            // The pause has saved once more than the unbroken run, so checkpoints are not compared here.
            foreach (var kind in (string[])["step", "validation"])
                Assert.True(Facts(unbroken, kind).SequenceEqual(Facts(broken, kind)), $"{kind}, seed {seed}");
        }
        finally
        {
            portal.Kill();
            if (queued.Process is { IsAlive: true } left && left.Process != Environment.ProcessId) End(left);
            await end.CancelAsync();
        }
    }

    public void Dispose() => folder.Dispose();

    private static async Task PauseAsync(RunFolder run)
    {
        run.Ask(RunRequest.Pause);
        await UntilAsync(() => run.Status == RunFolder.Paused);
    }

    private static void End(ProcessIdentity training)
    {
        using var process = Process.GetProcessById(training.Process);
        process.Kill();
    }

    private static async Task<List<long>> WatchAsync(Uri portal, CancellationToken cancellationToken)
    {
        var seen = new List<long>();
        await foreach (var batch in new RemoteRun(portal, TimeProvider.System).FollowAsync(Run, 0, cancellationToken))
        {
            seen.AddRange(batch.Events.Select(read => read.Sequence));
            if (batch.Events[^1].Kind == "completed") break;
        }

        return seen;
    }

    private static IReadOnlyList<RunEvent> Events(RunFolder run) => new RunEventReader(run.EventFile).Read(int.MaxValue);

    private static int Steps(RunFolder run) => Events(run).Count(read => read is { Kind: "step", Phase: "second" });

    private static List<string> Facts(IReadOnlyList<RunEvent> events, string kind) =>
        [.. events.Where(read => read.Kind == kind).Select(read => $"{read.Phase} {read.Step} {string.Join(' ', read.Values.Where(value => value.Key != "samples_per_second"))}")];

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(begun.Elapsed < Patience);
            await Task.Delay(10);
        }
    }

    /// <summary>The portal as a process; it trains with the tiny program of the tests.</summary>
    private sealed class RunningPortal(Process process)
    {
        private static readonly string Portal = typeof(RunDesk).Assembly.Location;

        public static async Task<RunningPortal> StartAsync(string folder, Uri address)
        {
            var start = Prepare(folder, "--urls", address.ToString(), "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information", "--Paths:Database", Path.Combine(folder, "portal.db"),
                "--Paths:Cache", Path.Combine(folder, "cache"), "--Paths:Uploads", Path.Combine(folder, "uploads"), "--Runs:Program:0", "dotnet", "--Runs:Program:1", typeof(LinePhase).Assembly.Location);
            var process = Process.Start(start)!;
            var said = new List<string>();
            process.ErrorDataReceived += (_, line) => { lock (said) said.Add(line.Data ?? ""); };
            process.BeginErrorReadLine();
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                lock (said) said.Add(line);
                if (!line.Contains("Now listening on: ", StringComparison.Ordinal)) continue;
                _ = process.StandardOutput.ReadToEndAsync();
                return new RunningPortal(process);
            }

            lock (said) throw new InvalidOperationException($"The portal ended at its start:\n{string.Join('\n', said)}");
        }

        /// <returns>The exit code of a command of the same program.</returns>
        public static Task<int> CommandAsync(string folder, params string[] arguments) => RunAsync(Prepare(folder, arguments));

        public static Task<int> TrainAsync(string run, params string[] options)
        {
            var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(LinePhase).Assembly.Location, $"--run={run}" }, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var option in options) start.ArgumentList.Add(option);
            return RunAsync(start);
        }

        public void Kill()
        {
            if (process.HasExited) return;
            process.Kill();
            // With a limit it waits for the process alone; the training that goes on holds the pipes open.
            Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        }

        private static ProcessStartInfo Prepare(string folder, params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet") { ArgumentList = { Portal }, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            start.Environment["Paths__Runs"] = Path.Combine(folder, "runs");
            return start;
        }

        private static async Task<int> RunAsync(ProcessStartInfo start)
        {
            using var process = Process.Start(start)!;
            var (output, problems) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            await Task.WhenAll(output, problems);
            return process.ExitCode;
        }
    }
}
