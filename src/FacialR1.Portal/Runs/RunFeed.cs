using System.Runtime.CompilerServices;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>
/// The events of a run from any number on: what the file holds, then what comes. Joining late, falling behind and coming back are the same operation.
/// </summary>
/// <remarks>
/// Each reader has its own place in the file and takes the next batch when it is ready for it: memory is bounded by one batch, a slow reader gets larger batches,
/// and training knows of none of them.
/// </remarks>
public sealed class RunFeed(RunCatalog catalog, FolderChanges changes, TimeProvider clock)
{
    public const int LargestBatch = 1000;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>All events after <paramref name="after"/>, then those to come. Never ends by itself: a run that ended can be resumed.</summary>
    /// <param name="after">The last number that was seen; 0 for everything.</param>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public IAsyncEnumerable<RunEventBatch> FollowAsync(string run, long after, CancellationToken cancellationToken) => FollowAsync(catalog.FolderOf(run), after, cancellationToken);

    internal async IAsyncEnumerable<RunEventBatch> FollowAsync(RunFolder run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new RunEventReader(run.EventFile, Math.Max(0, after));
        while (true)
        {
            var change = changes.Next;
            var events = await Task.Run(() => reader.Read(LargestBatch), cancellationToken);
            if (events.Count > 0) yield return new RunEventBatch(run.Id, events, events.Count == LargestBatch, reader.DamagedLines);
            if (events.Count == LargestBatch) continue;
            // What comes within a tenth of a second goes out together.
            if (events.Count > 0) await Task.Delay(Pace, clock, cancellationToken);
            await FolderChanges.WaitAsync(change, Poll, clock, cancellationToken);
        }
    }

    /// <summary>All events there are now, after <paramref name="after"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public Task<IReadOnlyList<RunEvent>> ReadAsync(string run, long after, CancellationToken cancellationToken)
    {
        var file = catalog.FolderOf(run).EventFile;
        return Task.Run<IReadOnlyList<RunEvent>>(() => new RunEventReader(file, Math.Max(0, after)).Read(int.MaxValue), cancellationToken);
    }
}
