using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>
/// A run made of runs, such as a whole recipe: its folder tells which part is at work and what each finished part came to, and what it is asked for reaches the
/// part at work. The parts keep folders of their own and go on by themselves, so this one has nothing to save.
/// </summary>
public sealed class RunSequence(RunFolder run, TimeProvider clock)
{
    /// <summary>Name of the one phase; its steps are the parts.</summary>
    public const string Phase = "stages";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly HashSet<string> begun = [];
    private long logged;

    /// <summary>Runs or goes on.</summary>
    /// <param name="work">Gets an action to call with each part's folder before the part's first step, and a token that ends it; returns false when it was stopped.</param>
    /// <param name="measure">What a finished part came to, by series name; empty where it says nothing.</param>
    /// <returns>False when it was stopped.</returns>
    /// <exception cref="InvalidOperationException">Another process works on this run.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public bool Run(Func<Action<RunFolder>, CancellationToken, bool> work, Func<RunFolder, IReadOnlyDictionary<string, double>> measure, CancellationToken cancellationToken)
    {
        using var hold = run.Hold();
        using var control = new RunControl(run, cancellationToken);
        using var events = new EventLog(run.EventFile, clock);
        Recall();
        run.WriteStatus(RunFolder.Running);
        events.Begin();
        var parts = new Parts(run, events, gate);
        try
        {
            var number = 0L;
            bool isDone;
            using (new Timer(_ => parts.Look(), null, LookInterval, LookInterval))
                isDone = work(part =>
                {
                    lock (gate)
                    {
                        Finish(parts.Current, number++, measure, events);
                        parts.Current = part;
                        if (begun.Add(part.Id)) events.Append("part", new JsonObject { ["phase"] = Phase, ["run"] = part.Id });
                    }
                }, control.Stopping);
            lock (gate)
            {
                var last = parts.Current;
                parts.Current = null;
                if (isDone) Finish(last, number, measure, events);
                if (isDone) RunEnding.Completed(run, events);
                else RunEnding.Stopped(run, events);
                return isDone;
            }
        }
        catch (OperationCanceledException) when (control.Stopping.IsCancellationRequested)
        {
            lock (gate)
            {
                parts.Current = null;
                RunEnding.Stopped(run, events);
                return false;
            }
        }
        catch (Exception error)
        {
            lock (gate)
            {
                parts.Current = null;
                RunEnding.Failed(run, events, error);
            }

            throw;
        }
    }

    /// <summary>What an earlier process has written already.</summary>
    private void Recall()
    {
        var reader = new RunEventReader(run.EventFile);
        while (reader.Read() is { Count: > 0 } events)
            foreach (var past in events)
            {
                if (past.Kind == "part" && past.Texts.GetValueOrDefault("run") is { } part) begun.Add(part);
                if (past is { Kind: "step", Step: { } step }) logged = step;
            }
    }

    private void Finish(RunFolder? part, long number, Func<RunFolder, IReadOnlyDictionary<string, double>> measure, EventLog events)
    {
        if (part is null || number <= logged) return;
        var fields = new JsonObject { ["phase"] = Phase, ["step"] = logged = number, ["run"] = part.Id };
        foreach (var (name, value) in measure(part)) fields[name] = double.IsFinite(value) ? Math.Round(value, 6) : null;
        events.Append("step", fields);
    }

    /// <summary>Hands requests on to the part at work and shows whether it waits.</summary>
    private sealed class Parts(RunFolder run, EventLog events, Lock gate)
    {
        private RunRequest handedOn;
        private bool isPaused;
        private RunFolder? current;

        public RunFolder? Current
        {
            get => current;
            set => (current, handedOn) = (value, RunRequest.None);
        }

        public void Look()
        {
            lock (gate)
            {
                if (current is not { } part) return;
                try
                {
                    HandOn(part);
                    Show(part.Status == RunFolder.Paused);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }   // looked at again a moment later; the part's own writes report a full disk
            }
        }

        private void HandOn(RunFolder part)
        {
            var asked = run.Asked();
            // A stop reaches the part through its token.
            if (asked == handedOn || asked == RunRequest.Stop) return;
            part.Ask(asked);
            handedOn = asked;
            if (asked != RunRequest.Finish) return;
            run.Ask(RunRequest.None);
            handedOn = RunRequest.None;   // the part takes its request back itself
        }

        private void Show(bool pauses)
        {
            if (pauses == isPaused) return;
            isPaused = pauses;
            events.Append(pauses ? "paused" : "continued", []);
            run.WriteStatus(pauses ? RunFolder.Paused : RunFolder.Running);
        }
    }
}
