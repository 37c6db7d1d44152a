using System.Text.Json.Nodes;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>What is known of a run without reading all its events.</summary>
/// <param name="Id">Name of its folder.</param>
/// <param name="Status">As the run wrote it: running, completed, stopped, failed, …; "unknown" without one.</param>
/// <param name="Description"><c>run.json</c>; null when it cannot be read.</param>
/// <param name="Problem">Why the run cannot be read in full; null when it can.</param>
/// <param name="Glance">Where it stands.</param>
public sealed record RunOverview(string Id, string Status, JsonObject? Description, string? Problem, RunGlance Glance)
{
    public string Kind => Text("kind") ?? "unknown kind";

    /// <summary>base, sft, grpo, synthesis, supervised; null when the run does not say.</summary>
    public string? Stage => Text("stage");

    /// <summary>Name of the checkpoint it started from.</summary>
    public string? Parent => Text("parent");

    /// <summary>"sft · supervised", or only the kind where the stage says the same.</summary>
    public string StageText => Stage is { } stage && stage != Kind ? $"{Kind} · {stage}" : Kind;

    public bool IsRunning => Status is "running";

    /// <summary>A text at the top of <c>run.json</c>; null when absent or no text.</summary>
    public string? Text(string name) => Description?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>Number of the phase that runs now and of all phases; null when <c>run.json</c> lists none.</summary>
    public (int Number, int Of)? PhaseNumber =>
        Description?["phases"] is JsonObject phases && phases.Select(phase => phase.Key).ToList() is var names && names.IndexOf(Glance.Phase) is >= 0 and var index
            ? (index + 1, names.Count)
            : null;
}

/// <summary>A few looks at a file of events: its beginning, its end and places in between.</summary>
/// <param name="Begun">Time of the first event; null without events.</param>
/// <param name="LastEvent">Time of the last whole event.</param>
/// <param name="Phase">The phase of the last step; empty without one.</param>
/// <param name="Step">Last step; null before the first.</param>
/// <param name="Steps">Steps of the phase in all; null when unknown.</param>
/// <param name="StepSeconds">Time per step over the last steps; null when unknown.</param>
/// <param name="Series">What <paramref name="Points"/> shows: reward where it is logged, else loss.</param>
/// <param name="Points">A small curve of the present phase: values at some of its steps.</param>
public sealed record RunGlance(
    DateTimeOffset? Begun, DateTimeOffset? LastEvent, string Phase, long? Step, long? Steps, double? StepSeconds, string? Series, IReadOnlyList<double> Points)
{
    public static RunGlance Nothing { get; } = new(null, null, "", null, null, null, null, []);

    /// <summary>0 to 1; null when unknown.</summary>
    public double? Progress => Step is { } step && Steps is > 0 and var steps ? Math.Clamp((double)step / steps, 0, 1) : null;

    /// <summary>Expected time to the end of the phase; null when unknown.</summary>
    public TimeSpan? Remaining => Step is { } step && Steps is { } steps && StepSeconds is { } each ? TimeSpan.FromSeconds(Math.Max(0, steps - step) * each) : null;

    /// <summary>Reads some 50 small pieces of the file, however long it is.</summary>
    public static RunGlance Read(string file)
    {
        if (!File.Exists(file)) return Nothing;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var head = Lines(stream, 0, 1 << 14, isStart: true);
        var tail = Lines(stream, Math.Max(0, stream.Length - (1 << 16)), 1 << 16, isStart: stream.Length <= 1 << 16);
        var last = tail.Count > 0 ? tail[^1] : head.Count > 0 ? head[^1] : null;
        if (last is null) return Nothing;

        var steps = tail.Where(happened => happened.Kind == "step" && happened.Step is not null).ToList();
        if (steps.Count == 0) return Nothing with { Begun = (head.Count > 0 ? head[0] : last).Time, LastEvent = last.Time };
        var now = steps[^1];
        var recent = steps.Where(happened => happened.Phase == now.Phase && happened.Step <= now.Step).ToList();
        var each = recent.Count > 1 && now.Step > recent[0].Step ? (now.Time - recent[0].Time).TotalSeconds / (now.Step.Value - recent[0].Step!.Value) : (double?)null;
        var series = new[] { "reward", "loss" }.FirstOrDefault(name => now.Values.Any(value => value.Key == name));
        return new RunGlance((head.Count > 0 ? head[0] : now).Time, last.Time, now.Phase, now.Step, now.Steps, each, series, series is null ? [] : Curve(stream, now.Phase, series, steps));
    }

    private static List<double> Curve(FileStream stream, string phase, string series, List<EventLine> tail)
    {
        const int Looks = 40, Piece = 1 << 13;
        var seen = new SortedDictionary<long, double>();
        if (stream.Length > 1 << 16)
            for (var look = 0; look < Looks; look++)
                Take(Lines(stream, stream.Length / Looks * look, Piece, isStart: look == 0).Take(1));
        Take(tail);
        return [.. seen.Values];

        void Take(IEnumerable<EventLine> events)
        {
            foreach (var happened in events)
                if (happened.Kind == "step" && happened.Phase == phase && happened.Step is { } step)
                    foreach (var (name, value) in happened.Values)
                        if (name == series) seen[step] = value;
        }
    }

    /// <summary>Whole lines of a piece: a beginning or an end that was cut is left out.</summary>
    private static List<EventLine> Lines(FileStream stream, long from, int length, bool isStart)
    {
        var piece = new byte[length];
        stream.Position = from;
        var text = piece.AsSpan(0, stream.ReadAtLeast(piece, length, throwOnEndOfStream: false));
        if (!isStart) text = text[(text.IndexOf((byte)'\n') + 1)..];
        text = text[..(text.LastIndexOf((byte)'\n') + 1)];
        var events = new List<EventLine>();
        for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..])
            if (EventLine.TryParse(text[..end]) is { } happened) events.Add(happened);
        return events;
    }
}
