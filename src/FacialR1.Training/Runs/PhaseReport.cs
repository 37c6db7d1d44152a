using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>Writes the events of one phase, each once: what the log already holds is compared instead of written again.</summary>
internal sealed class PhaseReport(ITrainingPhase phase, long first, EventLog events, RunHistory history, TimeProvider clock, IProgress<TrainingUpdate>? progress)
{
    private const int LoggedDigits = 6;
    private long begun = clock.GetTimestamp();
    private readonly HashSet<(string Kind, long Step)> written = [];
    private bool hasDiverged;

    /// <summary>Takes a pause out of the speed.</summary>
    /// <param name="ticks">In units of the clock's timestamps.</param>
    public void DiscountPause(long ticks) => begun += ticks;

    public void FlushToDisk() => events.FlushToDisk();

    public void Mark(string kind, long step)
    {
        events.Append(kind, Place(step));
        written.Add((kind, step));
    }

    /// <summary>Like <see cref="Mark"/>, unless the log holds it already.</summary>
    public void MarkOnce(string kind, long step)
    {
        if (!IsWritten(kind, step)) Mark(kind, step);
    }

    /// <summary>Measures on the validation split, unless that was done and logged before the process was killed.</summary>
    public void ValidateOnce(long step, CancellationToken cancellationToken)
    {
        if (!IsWritten("validation", step)) Measured("validation", step, phase.Validate(cancellationToken));
    }

    /// <summary>Logs the numbers of a step, or compares them where the step was taken before.</summary>
    public void Measured(string kind, long step, IReadOnlyDictionary<string, double> values)
    {
        var elapsed = clock.GetElapsedTime(begun);
        var update = new TrainingUpdate(phase.Name, step, phase.Steps, values, phase.BatchSize, (step - first) * phase.BatchSize / Math.Max(1e-9, elapsed.TotalSeconds),
            elapsed / Math.Max(1, step - first) * (phase.Steps - step));
        if (history.Find(kind, step) is { } logged) Compare(step, logged, values);
        else
        {
            var fields = Place(step);
            foreach (var (name, value) in values) fields[name] = Logged(value);
            fields["samples_per_second"] = Math.Round(update.SamplesPerSecond, 1);
            events.Append(kind, fields);
            if (kind != "step") written.Add((kind, step));
        }

        progress?.Report(update);
    }

    private bool IsWritten(string kind, long step) => written.Contains((kind, step)) || history.Find(kind, step) is not null;

    private void Compare(long step, IReadOnlyDictionary<string, double?> logged, IReadOnlyDictionary<string, double> values)
    {
        if (hasDiverged) return;
        foreach (var (name, value) in values)
        {
            if (IsTiming(name) || (logged.TryGetValue(name, out var before) && before == Logged(value))) continue;
            hasDiverged = true;
            var fields = Place(step);
            (fields["series"], fields["logged"], fields["now"]) = (name, logged.GetValueOrDefault(name), Logged(value));
            fields["reason"] = "Steps taken again after a restart differ from those in the log. Was the run resumed on another machine, with other code or other data?";
            events.Append("diverged", fields);
            return;
        }
    }

    /// <summary>Durations and speeds differ from one time to the next, however equal the steps are.</summary>
    private static bool IsTiming(string name) => name.EndsWith("time", StringComparison.Ordinal) || name.EndsWith("seconds", StringComparison.Ordinal) || name.Contains("per_second", StringComparison.Ordinal);

    private static double? Logged(double value) => double.IsFinite(value) ? Math.Round(value, LoggedDigits) : null;

    private JsonObject Place(long step) => new() { ["phase"] = phase.Name, ["step"] = step, ["steps"] = phase.Steps };
}
