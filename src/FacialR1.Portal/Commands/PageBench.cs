using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Runs;
using Spectre.Console;
using EventLog = FacialR1.Training.Runs.EventLog;

namespace FacialR1.Portal.Commands;

/// <summary><c>bench pages</c>: how soon the page of a long run can be used, and whether it stays smooth while the run grows. In a real browser.</summary>
internal static partial class PageBench
{
    private const int ColdRuns = 5;
    private static readonly string[] Series =
    [
        "loss", "reward", "reward_std", "rewards/format/mean", "rewards/format/std", "rewards/accuracy/mean", "rewards/accuracy/std", "rewards/au/mean", "rewards/au/std", "kl", "clip_ratio", "entropy",
        "completions/mean_length", "completions/clipped_ratio", "frac_reward_zero_std", "learning_rate", "grad_norm", "step_time", "sampling_time", "sampler_trainer_gap",
    ];

    /// <summary>Drawn: a line stands in the first chart. Usable: a key on it is answered. Both since the visit began.</summary>
    private const string UntilUsable = """
        new Promise(done => {
          let drawn, pressed = 0;
          const look = () => {
            const plot = document.querySelector(".chart-plot"), now = performance.now();
            if (plot && document.querySelector(".chart-line")) {
              drawn ??= now;
              if (document.querySelector(".chart-cursor")) return done([drawn, now]);
              if (now - pressed > 50) { pressed = now; plot.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true })); }
            }
            requestAnimationFrame(look);
          };
          look();
        })
        """;

    private static readonly Option<string> Browser = new("--browser") { Description = "Chromium or Chrome.", DefaultValueFactory = _ => "chromium" };
    private static readonly Option<int> Steps = new("--steps") { Description = "Steps of each run.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long the growing run is watched.", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Rate = new("--rate") { Description = "Events a second of the growing run.", DefaultValueFactory = _ => 10 };

    public static Command Create()
    {
        var command = new Command("pages",
            "Measures in a browser without a window how soon the page of a finished run can be used, and its frames while a run of the same length grows. Absolute numbers belong to the machine.")
        { Browser, Steps, Seconds, Rate };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("facialr1-bench-");
        try
        {
            var (steps, seconds, rate) = (arguments.GetValue(Steps), arguments.GetValue(Seconds), arguments.GetValue(Rate));
            if (steps < 2 || seconds < 1 || rate < 1)
            {
                Terminal.Problem("--steps takes a number from 2, --seconds and --rate from 1.");
                return PortalCommandLine.Failure;
            }

            string root;
            using (var services = CommandServices.Create()) root = services.Get<PortalPaths>().Root;
            var runs = Path.Combine(folder.FullName, "runs");
            for (var number = 0; number <= ColdRuns; number++) Write(runs, $"finished-{number}", steps, RunFolder.Completed);
            var live = Write(runs, "live", steps, RunFolder.Running);
            live.WriteProcess(Environment.ProcessId);
            using var portal = await StartPortalAsync(root, folder.FullName, cancellationToken);
            try
            {
                await using var tab = await BrowserTab.OpenAsync(arguments.GetValue(Browser)!, Path.Combine(folder.FullName, "browser"), 1440, 900, cancellationToken);
                var visits = new List<(double Drawn, double Usable)>();
                for (var number = 0; number <= ColdRuns; number++) visits.Add(await VisitAsync(tab, portal.Address, $"finished-{number}", cancellationToken));
                var again = new List<(double Drawn, double Usable)>();
                for (var number = 1; number <= ColdRuns; number++) again.Add(await VisitAsync(tab, portal.Address, $"finished-{number}", cancellationToken));
                await VisitAsync(tab, portal.Address, "live", cancellationToken);
                var frames = await WatchAsync(tab, live, steps, seconds, rate, cancellationToken);

                var table = new Table { Title = new TableTitle(string.Create(CultureInfo.InvariantCulture, $"Run page, {steps:N0} steps, {Series.Length} series")) }
                    .AddColumns(new TableColumn("Measure"), new TableColumn("Value").RightAligned(), new TableColumn("Unit"), new TableColumn("n").RightAligned());
                Row("First page of the portal: drawn", visits[0].Drawn, "ms", 1);
                Row("First page of the portal: usable", visits[0].Usable, "ms", 1);
                Row("A run nobody has opened: drawn, median", Median(visits.Skip(1).Select(visit => visit.Drawn)), "ms", ColdRuns);
                Row("A run nobody has opened: usable, median", Median(visits.Skip(1).Select(visit => visit.Usable)), "ms", ColdRuns);
                Row("A run nobody has opened: usable, slowest", visits.Skip(1).Max(visit => visit.Usable), "ms", ColdRuns);
                Row("The same again: usable, median", Median(again.Select(visit => visit.Usable)), "ms", ColdRuns);
                Row($"Growing by {rate} events a second: frame, median", Median(frames), "ms", frames.Count);
                Row("Frame, 95th percentile", frames.Order().ElementAt((int)(0.95 * (frames.Count - 1))), "ms", frames.Count);
                Row("Frame, longest", frames.Max(), "ms", frames.Count);
                Row("Frames over 50 ms", frames.Count(frame => frame > 50), "", frames.Count);
                if (File.Exists("/proc/loadavg")) table.Caption = new TableTitle($"{Environment.ProcessorCount} cores, load {(await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0]}");
                AnsiConsole.Write(table);
                return PortalCommandLine.Success;

                void Row(string measure, double value, string unit, int n) => table.AddRow(measure, value.ToString("0", CultureInfo.InvariantCulture), unit, n.ToString(CultureInfo.InvariantCulture));
            }
            finally
            {
                portal.Process.Kill(entireProcessTree: true);
                await portal.Process.WaitForExitAsync(CancellationToken.None);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Drawn, double Usable)> VisitAsync(BrowserTab tab, Uri portal, string run, CancellationToken cancellationToken)
    {
        await tab.VisitAsync(new Uri(portal, $"/training/{run}"), cancellationToken);
        var times = (JsonArray)(await tab.RunAsync(UntilUsable, cancellationToken))!;
        return ((double)times[0]!, (double)times[1]!);
    }

    /// <returns>Milliseconds between the frames of the page while the run grew.</returns>
    private static async Task<IReadOnlyList<double>> WatchAsync(BrowserTab tab, RunFolder live, int steps, int seconds, int rate, CancellationToken cancellationToken)
    {
        var growing = GrowAsync(live, steps, seconds * rate, TimeSpan.FromSeconds(1.0 / rate), cancellationToken);
        var script = $$"""
            new Promise(done => {
              const frames = [], end = performance.now() + {{seconds * 1000}};
              let last = performance.now();
              const frame = now => { frames.push(now - last); last = now; if (now < end) requestAnimationFrame(frame); else done(frames.slice(1)); };
              requestAnimationFrame(frame);
            })
            """;
        var frames = (JsonArray)(await tab.RunAsync(script, cancellationToken))!;
        await growing;
        return [.. frames.Select(frame => (double)frame!)];
    }

    private static async Task GrowAsync(RunFolder run, int from, int steps, TimeSpan pace, CancellationToken cancellationToken)
    {
        using var log = new EventLog(run.EventFile, TimeProvider.System);
        for (var step = from + 1; step <= from + steps; step++)
        {
            Log(log, step, from + steps);
            await Task.Delay(pace, cancellationToken);
        }
    }

    private static RunFolder Write(string runs, string id, int steps, string status)
    {
        var run = RunFolder.CreateOrOpen(Path.Combine(runs, id), new JsonObject { ["kind"] = "grpo", ["stage"] = "grpo" });
        using var log = new EventLog(run.EventFile, TimeProvider.System);
        log.Begin();
        for (var step = 1; step <= steps; step++) Log(log, step, steps);
        if (status == RunFolder.Completed) log.Append("completed", []);
        run.WriteStatus(status);
        return run;
    }

    /// <summary>Curves that fall with noise, as curves do; what they are does not matter here.</summary>
    private static void Log(EventLog log, int step, int steps)
    {
        var fields = new JsonObject { ["phase"] = "grpo", ["step"] = step, ["steps"] = steps };
        for (var series = 0; series < Series.Length; series++) fields[Series[series]] = Math.Round(1 / (1 + step * 1e-3) + 0.2 * Math.Sin(step * (0.7 + series) * 12.9898), 6);
        log.Append("step", fields);
        if (step % 200 == 0) log.Append("validation", new JsonObject { ["phase"] = "grpo", ["step"] = step, ["steps"] = steps, ["val_emotion_accuracy"] = 0.5, ["val_au_macro_f1"] = 0.6, ["val_n"] = 1500 });
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<RunningPortal> StartPortalAsync(string root, string folder, CancellationToken cancellationToken)
    {
        var program = typeof(PageBench).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList = { program, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information", "--contentRoot", root },
        };
        foreach (var (name, place) in new[] { ("Runs", "runs"), ("Uploads", "uploads"), ("Cache", "cache"), ("Database", "portal.db") })
        {
            start.ArgumentList.Add($"--Paths:{name}");
            start.ArgumentList.Add(Path.Combine(folder, place));
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The portal did not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync(cancellationToken);
                return new RunningPortal(process, new Uri(match.Groups[1].Value));
            }

        throw new InvalidOperationException("The portal ended at its start.");
    }

    private sealed record RunningPortal(Process Process, Uri Address) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
