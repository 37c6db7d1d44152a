namespace FacialR1.Portal.Runs;

/// <summary>Where a run stands. Immutable; a new one replaces it when something changed.</summary>
/// <param name="Id">Name of the run's folder.</param>
/// <param name="Name">What people call it: the name an outside trainer gave, else the id.</param>
/// <param name="Kind">sft, grpo, synthesis, recipe, external; null where <c>run.json</c> is not written yet.</param>
/// <param name="Parent">Checkpoint the run began from; null for one from nothing.</param>
/// <param name="Problem">Why it failed or cannot be read, for people.</param>
/// <param name="Device">The device it keeps while it is active, such as <c>cpu</c>.</param>
/// <param name="QueuePlace">1 for the next to start on its device; null when it does not wait.</param>
/// <param name="Phase">The phase of the last step; with its place among the phases where <c>run.json</c> lists them.</param>
/// <param name="Step">Steps done in this phase.</param>
/// <param name="Steps">Steps of this phase; null where a trainer does not tell.</param>
/// <param name="Remaining">Expected time to the end of this phase, from the pace of the last steps.</param>
/// <param name="Values">Last value of each series of the present phase, by name.</param>
/// <param name="Validation">Last validation, by name; empty before the first.</param>
/// <param name="Curve">Course of <see cref="RunCurve.Series"/> in the present phase.</param>
/// <param name="Sequence">Number of the last event.</param>
/// <param name="DamagedLines">Lines of the log that could not be read.</param>
/// <param name="CanResume">Whether the portal knows how to start it again.</param>
public sealed record RunSummary(
    string Id, string Name, string? Kind, string? Stage, string? Parent, RunState State, string? Problem, string Device, int? QueuePlace,
    DateTimeOffset? StartedAt, DateTimeOffset? LastEventAt, string? Phase, int? PhaseNumber, int? PhaseCount, long? Step, long? Steps, TimeSpan? Remaining, double? SamplesPerSecond,
    IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, double> Validation, RunCurve? Curve, long Sequence, int DamagedLines, bool CanResume)
{
    /// <summary>0 to 1 within the phase; null where the number of steps is not known.</summary>
    public double? Fraction => Step is { } step && Steps is > 0 and var steps ? Math.Clamp((double)step / steps, 0, 1) : null;
}

/// <summary>A small curve: means over stretches of equal length.</summary>
/// <param name="Series">reward, where the run has one, else loss.</param>
/// <param name="Means">At most 64, oldest first.</param>
public sealed record RunCurve(string Series, IReadOnlyList<double> Means);
