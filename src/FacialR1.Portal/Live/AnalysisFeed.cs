using System.Runtime.CompilerServices;

namespace FacialR1.Portal.Live;

/// <summary>
/// Everything that happened to one analysis, in order. A reader says what it has seen and gets the rest: what is there at once, then what
/// comes. So joining late, falling behind and coming back are the same operation, and nothing is lost or sent twice.
/// </summary>
/// <remarks>The log is as long as the answer, which has a limit; readers keep no buffer, so a slow one costs nothing.</remarks>
public sealed class AnalysisFeed
{
    private readonly Lock gate = new();
    private readonly List<SequencedUpdate> log = [];
    private TaskCompletionSource changed = NewSignal();
    private bool hasEnded;

    /// <summary>Appends an update. After <see cref="AnalysisEnded"/> nothing more is accepted.</summary>
    public void Publish(AnalysisUpdate update)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (hasEnded) return;
            log.Add(new SequencedUpdate(log.Count + 1, update));
            hasEnded = update is AnalysisEnded;
            (waiting, changed) = (changed, NewSignal());
        }
        waiting.SetResult();
    }

    /// <summary>All updates after <paramref name="sequence"/>, then those to come, in groups as large as what was missed; ends after <see cref="AnalysisEnded"/>.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SequencedUpdate>> FollowAsync(long sequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            SequencedUpdate[] missed;
            Task next;
            bool isLast;
            lock (gate)
            {
                missed = log.Skip((int)Math.Min(sequence, int.MaxValue)).ToArray();
                next = changed.Task;
                isLast = hasEnded;
            }
            if (missed.Length > 0)
            {
                sequence = missed[^1].Sequence;
                yield return missed;
            }
            if (isLast) yield break;
            await next.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
