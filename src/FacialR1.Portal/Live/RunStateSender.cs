using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.SignalR;

namespace FacialR1.Portal.Live;

/// <summary>Tells one client after the other, each in a loop of its own, which runs changed. A client that is slow to take a call gets the newest state with the next one.</summary>
public sealed partial class RunStateSender(RunCatalog catalog, IHubContext<TrainingHub, ITrainingClient> hub, ILogger<RunStateSender> logger)
{
    /// <summary>Ends with the connection.</summary>
    internal async Task SendAsync(string connection, CancellationToken cancellationToken)
    {
        try
        {
            var client = hub.Clients.Client(connection);
            IReadOnlyList<RunSummary> sent = [];
            var isFirst = true;
            await foreach (var runs in catalog.FollowAsync(cancellationToken))
            {
                var (changed, removed) = RunChanges.Between(sent, runs);
                (sent, var tell) = (runs, isFirst || changed.Count > 0);
                isFirst = false;
                if (tell) await client.RunsChanged(changed);
                if (removed.Count > 0) await client.RunsRemoved(removed);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Log.CannotSend(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A client that watches the runs could not be told.")]
        public static partial void CannotSend(ILogger logger, Exception error);
    }
}
