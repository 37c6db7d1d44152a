using System.Runtime.CompilerServices;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.SignalR;

namespace FacialR1.Portal.Live;

/// <summary>Training as it happens, for browsers and programs outside. It only shows: nothing can be started or stopped here.</summary>
/// <remarks>Everything is read from the run folders, in each client's own pace; a slow client gets larger batches and newer states, and never slows training or another client.</remarks>
public sealed class TrainingHub(RunCatalog catalog, RunFeed feed, RunStateSender states) : Hub<ITrainingClient>
{
    public const string Address = "/hubs/training";
    private const string IsWatching = "watching";

    /// <summary>All runs as they are now, the latest start first.</summary>
    public IReadOnlyList<RunSummary> Runs() => catalog.Current;

    /// <summary>From now on the client is told of every change, see <see cref="ITrainingClient"/>; twice a second at most.</summary>
    public void WatchRuns()
    {
        if (!Context.Items.TryAdd(IsWatching, true)) return;
        _ = states.SendAsync(Context.ConnectionId, Context.ConnectionAborted);
    }

    /// <summary>The events of a run after number <paramref name="after"/>: first those there are, then those to come, in order and each once.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="after">0 for everything; after a lost connection the last number that arrived.</param>
    /// <exception cref="HubException">There is no such run.</exception>
    public async IAsyncEnumerable<RunEventBatch> Follow(string run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<RunEventBatch> batches;
        try
        {
            batches = feed.FollowAsync(catalog.FolderOf(run), after, cancellationToken);
        }
        catch (KeyNotFoundException error)
        {
            throw new HubException(error.Message);
        }

        await foreach (var batch in batches) yield return batch;
    }
}
