using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>The traces of the runs that somebody looks at, read from their folders once and shared by all pages.</summary>
public sealed class RunTraces(RunCatalog catalog, TimeProvider clock)
{
    private const int KeptRuns = 8;

    // Several open pages ask at their own times; the disk is asked at most this often for a run.
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Reading> readings = new(StringComparer.Ordinal);

    /// <summary>The trace of a run with everything that its folder holds by now; null when there is no such run.</summary>
    /// <exception cref="IOException">The events cannot be read.</exception>
    public async Task<RunTrace?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (catalog.OpenFolder(id) is not { } folder) return null;
        Reading reading;
        lock (gate)
        {
            if (!readings.TryGetValue(id, out reading!)) readings[id] = reading = new Reading(folder.EventFile);
            reading.LastAsked = clock.GetUtcNow();
            if (readings.Count > KeptRuns) readings.Remove(readings.Where(entry => entry.Key != id).MinBy(entry => entry.Value.LastAsked).Key);
        }

        await Task.Run(() => reading.CatchUp(clock, cancellationToken), cancellationToken);
        return reading.Trace;
    }

    private sealed class Reading(string file)
    {
        private readonly RunEventReader reader = new(file);
        private readonly Lock turn = new();
        private long? lastRead;

        public RunTrace Trace { get; } = new();
        public DateTimeOffset LastAsked { get; set; }

        public void CatchUp(TimeProvider clock, CancellationToken cancellationToken)
        {
            lock (turn)
            {
                if (lastRead is { } last && clock.GetElapsedTime(last) < ReadInterval) return;
                ReadOn(cancellationToken);
                lastRead = clock.GetTimestamp();
            }
        }

        private void ReadOn(CancellationToken cancellationToken)
        {
            while (reader.Read() is { Count: > 0 } events)
            {
                cancellationToken.ThrowIfCancellationRequested();
                lock (Trace.Gate)
                {
                    foreach (var happened in events) Trace.Append(happened);
                }
            }
            lock (Trace.Gate) Trace.DamagedLines = reader.DamagedLines;
        }
    }
}
