using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>One phase of a run: its curves by series name.</summary>
public sealed class PhaseTrace(string name)
{
    private readonly Dictionary<string, Curve> curves = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>Steps in all; null when the run does not say.</summary>
    public long? Steps { get; internal set; }

    public long LastStep { get; internal set; }

    public IReadOnlyDictionary<string, Curve> Curves => curves;

    public Curve? Find(string series) => curves.GetValueOrDefault(series);

    internal Curve Open(string series)
    {
        if (!curves.TryGetValue(series, out var curve)) curves[series] = curve = new Curve();
        return curve;
    }
}

/// <summary>
/// What a run has logged so far, made of its events in order. An event that was seen already changes nothing, so reading a file again from an earlier
/// place does no harm. Not safe for several threads: hold <see cref="Gate"/> while reading or appending.
/// </summary>
public sealed class RunTrace
{
    private const int KeptNotes = 500;
    private static int made;
    private readonly List<PhaseTrace> phases = [];
    private readonly List<RunEvent> notes = [];

    public Lock Gate { get; } = new();

    /// <summary>Who holds the gates of several traces takes them by ascending number, so that two readers never wait for each other.</summary>
    public int Number { get; } = Interlocked.Increment(ref made);

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<PhaseTrace> Phases => phases;

    /// <summary>Events that are no steps: start, checkpoints, validations, the end; the last 500.</summary>
    public IReadOnlyList<RunEvent> Notes => notes;

    /// <summary>Number of the last event.</summary>
    public long Sequence { get; private set; }

    /// <summary>Lines that could not be read.</summary>
    public int DamagedLines { get; internal set; }

    /// <summary>Time of the first event; the time axis starts there.</summary>
    public DateTimeOffset? Begun { get; private set; }

    public DateTimeOffset? LastEvent { get; private set; }

    public PhaseTrace? Phase(string? name) => phases.Find(phase => phase.Name == name);

    public void Append(RunEvent happened)
    {
        if (happened.Sequence <= Sequence) return;
        Sequence = happened.Sequence;
        Begun ??= happened.Time;
        LastEvent = happened.Time;
        if (happened.Kind != "step")
        {
            if (notes.Count == KeptNotes) notes.RemoveAt(0);
            notes.Add(happened);
        }
        if (happened.Step is not { } step) return;

        var phase = Phase(happened.Phase ?? "");
        if (phase is null) phases.Add(phase = new PhaseTrace(happened.Phase ?? ""));
        phase.Steps = happened.Steps ?? phase.Steps;
        phase.LastStep = step;
        var seconds = (happened.Time - Begun.Value).TotalSeconds;
        // Null is a number that was not finite: a gap, not a point.
        foreach (var (series, value) in happened.Values)
            if (value is { } number && double.IsFinite(number)) phase.Open(series).Add(step, seconds, number);
    }
}
