namespace FacialR1.Portal.Inference;

/// <summary>A probe that waits or runs. It belongs to no page: all that ask for the same follow the same job.</summary>
public sealed class ProbeJob : IProgress<double>, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    /// <summary>From 0 to 1.</summary>
    public double Progress { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>Why there is no result, in words for the person who asked; null while it runs, and when there is one.</summary>
    public string? Problem { get; private set; }

    internal CancellationToken Stopping => stop.Token;

    /// <summary>Progress was made, or it ended. Raised on any thread.</summary>
    public event Action? Changed;

    /// <summary>Ends it at its next step.</summary>
    public void Stop()
    {
        try { stop.Cancel(); }
        catch (ObjectDisposedException) { }   // it ended between the look and the click
    }

    void IProgress<double>.Report(double value)
    {
        Progress = value;
        Changed?.Invoke();
    }

    internal void End(string? problem)
    {
        (Problem, HasEnded) = (problem, true);
        Dispose();
        Changed?.Invoke();
    }

    public void Dispose() => stop.Dispose();
}
