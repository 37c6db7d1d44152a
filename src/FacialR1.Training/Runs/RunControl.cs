namespace FacialR1.Training.Runs;

/// <summary>What a run is asked for while this process works on it. A stop reaches <see cref="Stopping"/> within half a second, wherever the work is; the rest is looked for between two steps.</summary>
public sealed class RunControl : IDisposable
{
    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(100), AskInterval = TimeSpan.FromMilliseconds(500);
    private readonly RunFolder run;
    private readonly CancellationTokenSource stop;
    private readonly Timer asking;

    /// <param name="run">Held by this process.</param>
    /// <param name="cancellationToken">Means the same as a request to stop.</param>
    public RunControl(RunFolder run, CancellationToken cancellationToken)
    {
        this.run = run;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A validation takes minutes and sees its token only: a stop that is asked for meanwhile must reach it.
        asking = new Timer(_ => Look(), null, AskInterval, AskInterval);
    }

    /// <summary>Cancelled when the run is to end, by request or by the token it was made with.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>What is asked for now. From a stop on there is nothing else.</summary>
    public RunRequest Look()
    {
        if (stop.IsCancellationRequested) return RunRequest.Stop;
        var asked = run.Asked();
        if (asked == RunRequest.Stop) stop.Cancel();
        return asked;
    }

    /// <summary>The request was taken up, so that it does not count a second time.</summary>
    public void Obeyed() => run.Ask(RunRequest.None);

    /// <summary>Waits as long as a pause is asked for; the status says so meanwhile.</summary>
    /// <returns>What is asked in place of the pause.</returns>
    public RunRequest WaitWhilePaused()
    {
        run.WriteStatus(RunFolder.Paused);
        while (run.Asked() == RunRequest.Pause && !stop.IsCancellationRequested) stop.Token.WaitHandle.WaitOne(PausePoll);
        run.WriteStatus(RunFolder.Running);
        return Look();
    }

    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        // A tick in flight must not find the source disposed.
        if (asking.Dispose(ended)) ended.WaitOne();
        stop.Dispose();
    }
}
