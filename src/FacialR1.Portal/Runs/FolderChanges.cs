namespace FacialR1.Portal.Runs;

/// <summary>Tells those who wait that something changed in the runs folder. One signal for all; who wakes up looks for himself.</summary>
public sealed class FolderChanges
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = NewSignal();

    /// <summary>Ends with the next change. Take it before looking, so that a change in between is not missed.</summary>
    public Task Next
    {
        get { lock (gate) return next.Task; }
    }

    public void Announce()
    {
        TaskCompletionSource waiting;
        lock (gate) (waiting, next) = (next, NewSignal());
        waiting.TrySetResult();
    }

    /// <summary>Waits for a change, at most so long: file notifications can be missing (network folders, exhausted watches), and then time does it.</summary>
    public static async Task WaitAsync(Task change, TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(atMost, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time to look.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
