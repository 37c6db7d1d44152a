namespace FacialR1.Training.Runs;

/// <summary>What a phase has already written into the log of its run, so that taking steps again after a kill writes nothing twice.</summary>
public sealed class RunHistory
{
    private readonly Dictionary<(string Kind, long Step), IReadOnlyDictionary<string, double?>> written = [];

    private RunHistory() { }

    /// <summary>Steps of the phase in the log.</summary>
    public long LastStep { get; private set; }

    /// <summary>Reads what the log holds of <paramref name="phase"/> from step <paramref name="from"/> on; earlier steps are not needed again.</summary>
    public static RunHistory Of(string eventFile, string phase, long from)
    {
        var history = new RunHistory();
        var reader = new RunEventReader(eventFile);
        while (reader.Read() is { Count: > 0 } events)
        {
            foreach (var past in events)
            {
                if (past.Phase != phase || past.Step is not { } step || step < from) continue;
                history.written[(past.Kind, step)] = past.Values;
                if (past.Kind == "step") history.LastStep = Math.Max(history.LastStep, step);
            }
        }

        return history;
    }

    /// <summary>What was written for this kind and step; null when nothing was.</summary>
    public IReadOnlyDictionary<string, double?>? Find(string kind, long step) => written.GetValueOrDefault((kind, step));
}
