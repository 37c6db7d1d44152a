using System.Collections.Concurrent;

namespace FacialR1.Portal.Inference;

/// <summary>Lets anybody stop an analysis that a worker of this process is writing.</summary>
public sealed class RunningAnalyses
{
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> stops = new();

    /// <summary>Enters an analysis for as long as <paramref name="stop"/> lives; the caller disposes the entry before the source.</summary>
    public IDisposable Enter(Guid analysisId, CancellationTokenSource stop)
    {
        stops[analysisId] = stop;
        return new Entry(() => stops.TryRemove(analysisId, out _));
    }

    /// <summary>False when it is not running here.</summary>
    public bool TryStop(Guid analysisId)
    {
        if (!stops.TryGetValue(analysisId, out var stop)) return false;
        try { stop.Cancel(); }
        catch (ObjectDisposedException) { return false; }   // it ended between the look and the call
        return true;
    }

    private sealed class Entry(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
