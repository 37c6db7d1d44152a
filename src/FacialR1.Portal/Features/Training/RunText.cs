using System.Globalization;
using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Features.Training.Runs;

namespace FacialR1.Portal.Features.Training;

/// <summary>Words about runs.</summary>
public static class RunText
{
    /// <summary>A running run is watched; one that has been silent for so long may have lost its process.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>Class of the status tag.</summary>
    public static string StatusClass(string status) => status switch
    {
        "running" => "status-running",
        "completed" or "finished" => "status-done",
        "failed" => "status-failed",
        _ => "",
    };

    /// <summary>"teacher (1 of 3), step 599 of 3,111".</summary>
    public static string Place(RunOverview run)
    {
        var glance = run.Glance;
        if (glance.Step is not { } step) return "No step yet";
        var phase = glance.Phase.Length == 0 ? "" : run.PhaseNumber is ( > 0, > 1) and var (number, of) ? $"{glance.Phase} ({number} of {of}), " : $"{glance.Phase}, ";
        return phase + string.Create(CultureInfo.InvariantCulture, $"step {step:N0}{(glance.Steps is { } steps ? string.Create(CultureInfo.InvariantCulture, $" of {steps:N0}") : "")}");
    }

    /// <summary>"about 12 min left in this phase"; empty when unknown or when nothing runs.</summary>
    public static string Remaining(RunOverview run) =>
        run.IsRunning && run.Glance.Remaining is { } left ? $"about {Rough(left)} left{(run.PhaseNumber is ( > 0, > 1) ? " in this phase" : "")}" : "";

    /// <summary>"silent for 12 min" where a run that should be writing has not; empty otherwise.</summary>
    public static string Silent(RunOverview run, DateTimeOffset now) =>
        run.IsRunning && run.Glance.LastEvent is { } last && now - last > Silence ? $"no event for {Rough(now - last)}; its process may have ended" : "";

    private static string Rough(TimeSpan time) => time.TotalSeconds < 60 ? "a minute" : AxisTicks.Duration(Math.Round(time.TotalSeconds / 60) * 60);
}
