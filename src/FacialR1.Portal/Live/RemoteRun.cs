using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace FacialR1.Portal.Live;

/// <summary>A run on a portal somewhere else, followed over <see cref="TrainingHub"/> through lost connections.</summary>
/// <param name="portal">Address of the portal.</param>
/// <param name="configure">Transport details; tests put their own in place.</param>
public sealed class RemoteRun(Uri portal, TimeProvider clock, Action<HttpConnectionOptions>? configure = null)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5), LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Called when the connection is lost or cannot be made, with the reason and how long it waits before the next try.</summary>
    public Action<string, TimeSpan>? Waiting { get; init; }

    /// <summary>The events after <paramref name="after"/>, in order and each once, however often the connection breaks. Never ends by itself.</summary>
    /// <exception cref="HubException">The portal refuses, for example because there is no such run.</exception>
    public async IAsyncEnumerable<RunEventBatch> FollowAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        while (true)
        {
            await using var connection = Connect();
            await using var batches = OpenAsync(connection, run, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
            string problem;
            while (true)
            {
                try
                {
                    if (!await batches.MoveNextAsync())
                    {
                        problem = "The portal ended the stream.";
                        break;
                    }
                }
                catch (HubException) when (connection.State == HubConnectionState.Connected)
                {
                    throw;
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    problem = error.Message;
                    break;
                }

                wait = FirstWait;
                after = batches.Current.Events[^1].Sequence;
                yield return batches.Current;
            }

            Waiting?.Invoke(problem, wait);
            await Task.Delay(wait, clock, cancellationToken);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    /// <summary>All runs of the portal.</summary>
    public async Task<IReadOnlyList<RunSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = Connect();
        await connection.StartAsync(cancellationToken);
        return await connection.InvokeAsync<IReadOnlyList<RunSummary>>(nameof(TrainingHub.Runs), cancellationToken);
    }

    private static async IAsyncEnumerable<RunEventBatch> OpenAsync(HubConnection connection, string run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await connection.StartAsync(cancellationToken);
        await foreach (var batch in connection.StreamAsync<RunEventBatch>(nameof(TrainingHub.Follow), run, after, cancellationToken))
            if (batch.Events.Count > 0) yield return batch;
    }

    private HubConnection Connect() => new HubConnectionBuilder()
        .WithUrl(new Uri(portal, TrainingHub.Address.TrimStart('/')), options => configure?.Invoke(options))
        .AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter()))
        .Build();
}
