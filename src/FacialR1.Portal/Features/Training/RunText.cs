using System.Globalization;
using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Features.Training;

/// <summary>Words about runs.</summary>
public static class RunText
{
    /// <summary>A process that lives but has written nothing for so long may hang.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>Class of the status tag.</summary>
    public static string Class(RunState state) => state switch
    {
        RunState.Running or RunState.Starting => "status-running",
        RunState.Completed => "status-done",
        RunState.Failed or RunState.Interrupted => "status-failed",
        _ => "",
    };

    public static string State(RunSummary run) => run.State switch
    {
        RunState.Queued when run.QueuePlace is { } place => string.Create(CultureInfo.InvariantCulture, $"queued, number {place}"),
        var state => state.ToString().ToLowerInvariant(),
    };

    /// <summary>"sft · supervised", or only the kind where the stage says the same.</summary>
    public static string Stage(RunSummary run) => run switch
    {
        { Kind: null, Stage: null } => "kind not known yet",
        { Stage: { } stage } when stage != run.Kind => run.Kind is null ? stage : $"{run.Kind} · {stage}",
        _ => run.Kind!,
    };

    /// <summary>"teacher (1 of 3), step 599 of 3,111".</summary>
    public static string Place(RunSummary run)
    {
        if (run.Step is not { } step) return run.State == RunState.Queued ? "Waits for its device" : "No step yet";
        var phase = string.IsNullOrEmpty(run.Phase) ? "" : run is { PhaseNumber: { } number, PhaseCount: > 1 and var of } ? $"{run.Phase} ({number} of {of}), " : $"{run.Phase}, ";
        return phase + string.Create(CultureInfo.InvariantCulture, $"step {step:N0}{(run.Steps is { } steps ? string.Create(CultureInfo.InvariantCulture, $" of {steps:N0}") : "")}");
    }

    /// <summary>"about 12 min left in this phase"; empty when unknown or when nothing runs.</summary>
    public static string Remaining(RunSummary run) =>
        run is { State: RunState.Running, Remaining: { } left } ? $"about {Rough(left)} left{(run.PhaseCount > 1 ? " in this phase" : "")}" : "";

    /// <summary>"no event for 12 min" where a run that should be writing has not; empty otherwise.</summary>
    public static string Silent(RunSummary run, DateTimeOffset now) =>
        run is { State: RunState.Running, LastEventAt: { } last } && now - last > Silence ? $"no event for {Rough(now - last)}" : "";

    private static string Rough(TimeSpan time) => time.TotalSeconds < 60 ? "a minute" : AxisTicks.Duration(Math.Round(time.TotalSeconds / 60) * 60);
}
