namespace FacialR1.VisionLanguage.Generation;

/// <summary>One part of a probe on its way to the thread that owns the weights.</summary>
internal sealed class QueuedProbe
{
    private readonly Action<LoadedCheckpoint> answer;
    private readonly Action<Exception> fail;

    private QueuedProbe(Action<LoadedCheckpoint> answer, Action<Exception> fail) => (this.answer, this.fail) = (answer, fail);

    /// <param name="ask">Runs on the owning thread; what it throws reaches the one who asked.</param>
    /// <param name="cancellationToken">A probe nobody waits for any more is not answered.</param>
    /// <param name="result">Completes with the answer.</param>
    public static QueuedProbe Of<T>(Func<LoadedCheckpoint, T> ask, CancellationToken cancellationToken, out Task<T> result)
    {
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        result = source.Task;
        return new QueuedProbe(
            checkpoint =>
            {
                try
                {
                    if (cancellationToken.IsCancellationRequested) source.TrySetCanceled(cancellationToken);
                    else source.TrySetResult(ask(checkpoint));
                }
                catch (Exception error)
                {
                    source.TrySetException(error);
                }
            },
            error => source.TrySetException(error));
    }

    public void Answer(LoadedCheckpoint checkpoint) => answer(checkpoint);

    public void Fail(Exception error) => fail(error);
}
