using System.Globalization;
using FacialR1.VisionLanguage.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Runs;

/// <summary>Takes the phases of a run step by step, logs every step, and saves so that a killed run goes on to the same next step.</summary>
/// <remarks>
/// The log is ahead of the saved state after a kill. Steps that are taken again are compared with what was logged and not logged twice;
/// a difference (another machine, changed code) is logged as <c>diverged</c>.
/// </remarks>
public sealed class TrainingLoop(RunFolder run, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    /// <summary>Save at least this often, whatever the epoch.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>What is done after the last step: saving and measuring what came of it. Only then is the run completed; one that is cut off here begins it anew.</summary>
    public Action<CancellationToken>? Conclude { get; init; }

    /// <summary>Opens the event file; tests give one that fails.</summary>
    internal Func<string, Stream>? OpenLog { get; init; }

    private enum PhaseEnd { Done, Stopped }

    /// <summary>Runs or goes on. Stops after the current step, saved, when cancelled or asked to; see <see cref="RunRequest"/> for what else it can be asked.</summary>
    /// <param name="phases">Made one after the other: a phase may need what the one before completed.</param>
    /// <returns>False when it was stopped.</returns>
    /// <exception cref="InvalidOperationException">Another process works on this run.</exception>
    /// <exception cref="IOException">The folder cannot be written; the run can be taken up again when it can.</exception>
    public bool Run(IEnumerable<Func<ITrainingPhase>> phases, CancellationToken cancellationToken)
    {
        using var hold = run.Hold();
        using var control = new RunControl(run, cancellationToken);
        using var events = OpenLog is null ? new EventLog(run.EventFile, clock) : new EventLog(run.EventFile, clock, OpenLog(run.EventFile));
        try
        {
            run.WriteStatus(RunFolder.Running);
            events.Begin();
            foreach (var make in phases)
            {
                using var phase = make();
                if (RunPhase(phase, events, control) == PhaseEnd.Stopped) return Stopped(events);
            }

            Conclude?.Invoke(control.Stopping);
            RunEnding.Completed(run, events);
            return true;
        }
        catch (OperationCanceledException) when (control.Stopping.IsCancellationRequested)
        {
            // In the middle of a validation: the state was saved before it, and the validation is done anew when the run goes on.
            return Stopped(events);
        }
        catch (Exception error)
        {
            RunEnding.Failed(run, events, error);
            throw;
        }
    }

    private bool Stopped(EventLog events)
    {
        RunEnding.Stopped(run, events);
        return false;
    }

    private PhaseEnd RunPhase(ITrainingPhase phase, EventLog events, RunControl control)
    {
        var stateFile = Path.Combine(run.CheckpointFolder, $"{phase.Name}.state.safetensors");
        var (first, hasEnded) = Load(phase, stateFile);
        var report = new PhaseReport(phase, first, events, RunHistory.Of(run.EventFile, phase.Name, first), clock, progress);
        if (first > 0)
        {
            if (!hasEnded && first < phase.Steps) report.Mark("restored", first);
            // The kill may have come between saving and what follows it.
            report.MarkOnce("checkpoint", first);
            if (hasEnded) report.MarkOnce("finished_early", first);
            if (IsBoundary(phase, first) || hasEnded) report.ValidateOnce(first, control.Stopping);
        }

        var saved = clock.GetTimestamp();
        for (var step = first; step < phase.Steps && !hasEnded; step++)
        {
            var asked = control.Look();
            if (asked == RunRequest.Pause)
            {
                Save(phase, stateFile, step, report);
                asked = WaitWhilePaused(step, report, control);
                saved = clock.GetTimestamp();
            }

            if (asked != RunRequest.None) control.Obeyed();
            if (asked == RunRequest.Stop)
            {
                Save(phase, stateFile, step, report);
                return PhaseEnd.Stopped;
            }

            if (asked == RunRequest.Finish)
            {
                Save(phase, stateFile, step, report, hasEnded = true);
                report.MarkOnce("finished_early", step);
                report.ValidateOnce(step, control.Stopping);
                break;
            }

            // Dropout and skipped branches draw from torch's generator: seeding it by the step makes a resumed run equal an unbroken one.
            manual_seed(Data.FaceBatch.Mix(20261, (int)step));
            var values = phase.Step(step);
            report.Measured("step", step + 1, values);
            if (IsBoundary(phase, step + 1))
            {
                Save(phase, stateFile, step + 1, report);
                saved = clock.GetTimestamp();
                report.ValidateOnce(step + 1, control.Stopping);
            }
            else if (clock.GetElapsedTime(saved) > SaveInterval)
            {
                Save(phase, stateFile, step + 1, report);
                saved = clock.GetTimestamp();
            }
        }

        phase.Completed();
        return PhaseEnd.Done;
    }

    /// <returns>What it was asked in place of the pause.</returns>
    private RunRequest WaitWhilePaused(long step, PhaseReport report, RunControl control)
    {
        report.Mark("paused", step);
        var begun = clock.GetTimestamp();
        var asked = control.WaitWhilePaused();
        report.DiscountPause(clock.GetTimestamp() - begun);
        if (!control.Stopping.IsCancellationRequested) report.Mark("continued", step);
        return asked;
    }

    private static bool IsBoundary(ITrainingPhase phase, long stepsDone) => stepsDone > 0 && (stepsDone % phase.StepsPerEpoch == 0 || stepsDone == phase.Steps);

    private static void Save(ITrainingPhase phase, string file, long step, PhaseReport report, bool hasEnded = false)
    {
        report.FlushToDisk();
        var metadata = new Dictionary<string, string> { ["phase"] = phase.Name, ["step"] = step.ToString(CultureInfo.InvariantCulture) };
        if (hasEnded) metadata["ended"] = "true";
        try
        {
            SafetensorsWriter.Write(file, phase.State().Select(entry => (entry.Name, entry.Value)), metadata: metadata);
        }
        catch (IOException error)
        {
            throw new IOException($"The state of phase {phase.Name} could not be saved after step {step}: {error.Message} Make room on the disk and start the run again with the same settings; " +
                "it goes on where it was last saved.", error);
        }

        report.MarkOnce("checkpoint", step);
    }

    private static (long Step, bool HasEnded) Load(ITrainingPhase phase, string file)
    {
        if (!File.Exists(file)) return (0, false);
        using var noGradient = no_grad();
        using var state = SafetensorsFile.Open(file);
        foreach (var (name, value) in phase.State()) state.ReadInto(name, value);
        var step = long.Parse(state.Metadata["step"], CultureInfo.InvariantCulture);
        phase.Resumed(step);
        return (step, state.Metadata.ContainsKey("ended"));
    }
}
