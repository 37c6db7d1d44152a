using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>What the events of a run come to, folded one after the other. Pure: no files, no clock.</summary>
internal sealed class RunDigest
{
    private const int PaceSteps = 64;
    private readonly Dictionary<string, double> values = [], validation = [];
    private readonly Dictionary<string, SmallCurve> curves = [];
    private readonly Queue<(long Step, DateTimeOffset Time)> pace = [];

    public long Sequence { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? LastEventAt { get; private set; }
    public string? Phase { get; private set; }
    public long? Step { get; private set; }
    public long? Steps { get; private set; }
    public double? SamplesPerSecond { get; private set; }
    public string? Problem { get; private set; }

    /// <summary>The process that the last start named, and when; for runs of versions that wrote no process file.</summary>
    public (int Process, DateTimeOffset Time)? StartedBy { get; private set; }

    public IReadOnlyDictionary<string, double> Values => new Dictionary<string, double>(values);

    public IReadOnlyDictionary<string, double> Validation => new Dictionary<string, double>(validation);

    public RunCurve? Curve => (curves.ContainsKey("reward") ? "reward" : curves.ContainsKey("loss") ? "loss" : null) is { } series ? new RunCurve(series, curves[series].Means) : null;

    /// <summary>Mean time of the last steps times the steps left; null before the second step or where the number of steps is not known.</summary>
    public TimeSpan? Remaining =>
        pace.Count > 1 && Steps is { } steps && pace.Last() is var last && pace.Peek() is var early && last.Step > early.Step
            ? (last.Time - early.Time) / (last.Step - early.Step) * Math.Max(0, steps - last.Step)
            : null;

    public void Add(RunEvent read)
    {
        (Sequence, LastEventAt) = (read.Sequence, read.Time);
        StartedAt ??= read.Time;
        if (read.Phase is { } phase && phase != Phase) Begin(phase);
        switch (read.Kind)
        {
            case "started" or "resumed":
                Problem = null;
                pace.Clear();
                if (read.Values.GetValueOrDefault("process") is { } process) StartedBy = ((int)process, read.Time);
                break;
            case "step":
                AddStep(read);
                break;
            case "validation":
                Keep(read, validation);
                validation.Remove("samples_per_second");
                break;
            case "failed":
                Problem = read.Texts.GetValueOrDefault("error");
                break;
            case "continued":
                pace.Clear();
                break;
        }
    }

    private void Begin(string phase)
    {
        (Phase, Step, Steps, SamplesPerSecond) = (phase, null, null, null);
        values.Clear();
        curves.Clear();
        pace.Clear();
    }

    private void AddStep(RunEvent read)
    {
        (Step, Steps) = (read.Step, read.Steps ?? Steps);
        Keep(read, values);
        if (values.Remove("samples_per_second", out var speed)) SamplesPerSecond = speed;
        foreach (var series in (string[])["loss", "reward"])
            if (read.Values.GetValueOrDefault(series) is { } value)
            {
                if (!curves.TryGetValue(series, out var curve)) curves[series] = curve = new SmallCurve();
                curve.Add(value);
            }

        if (read.Step is not { } step) return;
        pace.Enqueue((step, read.Time));
        if (pace.Count > PaceSteps) pace.Dequeue();
    }

    private static void Keep(RunEvent read, Dictionary<string, double> into)
    {
        foreach (var (name, value) in read.Values)
            if (value is { } number) into[name] = number;
    }
}
