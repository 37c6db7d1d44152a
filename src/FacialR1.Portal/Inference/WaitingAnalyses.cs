using System.Threading.Channels;
using FacialR1.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Ids of the analyses that wait for a worker, first come first served. The rows are the truth; this is only their order.</summary>
public sealed class WaitingAnalyses
{
    private readonly Channel<Guid> waiting;

    public WaitingAnalyses(IOptions<InferenceOptions> options)
    {
        Capacity = options.Value.QueueLength;
        waiting = Channel.CreateBounded<Guid>(Capacity);
    }

    public int Capacity { get; }

    public int Waiting => waiting.Reader.Count;

    /// <summary>False when the queue is full.</summary>
    public bool TryAdd(Guid analysisId) => waiting.Writer.TryWrite(analysisId);

    /// <summary>Waits for room. For what a killed process left behind, which may be more than the queue holds.</summary>
    public ValueTask AddAsync(Guid analysisId, CancellationToken cancellationToken) => waiting.Writer.WriteAsync(analysisId, cancellationToken);

    public IAsyncEnumerable<Guid> TakeAsync(CancellationToken cancellationToken) => waiting.Reader.ReadAllAsync(cancellationToken);
}

/// <summary>Too many analyses wait already. The message is written for the person who asked.</summary>
public sealed class QueueFullException(int capacity)
    : Exception($"{capacity} analyses are waiting already, which is all this portal takes on. Try again when some of them are done.");
