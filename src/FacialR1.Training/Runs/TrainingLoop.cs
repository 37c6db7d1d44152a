using System.Globalization;
using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Runs;

/// <summary>Takes the phases of a run step by step, logs every step, and saves so that a killed run goes on to the same next step.</summary>
public sealed class TrainingLoop(RunFolder run, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    /// <summary>Save at least this often, whatever the epoch.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Runs or goes on. Stops after the current step, saved, when cancelled.</summary>
    /// <param name="phases">Made one after the other: a phase may need what the one before completed.</param>
    /// <returns>False when it was cancelled.</returns>
    public bool Run(IEnumerable<Func<ITrainingPhase>> phases, CancellationToken cancellationToken)
    {
        using var events = new EventLog(run.EventFile, clock);
        run.WriteStatus("running");
        events.Append("started", new JsonObject { ["process"] = Environment.ProcessId });
        try
        {
            foreach (var make in phases)
            {
                using var phase = make();
                if (RunPhase(phase, events, cancellationToken)) continue;
                events.Append("stopped", []);
                run.WriteStatus("stopped");
                return false;
            }

            events.Append("completed", []);
            run.WriteStatus("completed");
            return true;
        }
        catch (Exception error)
        {
            events.Append("failed", new JsonObject { ["error"] = error.Message });
            run.WriteStatus("failed");
            throw;
        }
    }

    private bool RunPhase(ITrainingPhase phase, EventLog events, CancellationToken cancellationToken)
    {
        var stateFile = Path.Combine(run.CheckpointFolder, $"{phase.Name}.state.safetensors");
        var first = Load(phase, stateFile);
        var (begun, saved) = (clock.GetTimestamp(), clock.GetTimestamp());
        for (var step = first; step < phase.Steps; step++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save(phase, stateFile, step);
                return false;
            }

            // Dropout and skipped branches draw from torch's generator: seeding it by the step makes a resumed run equal an unbroken one.
            manual_seed(Data.FaceBatch.Mix(20261, (int)step));
            var values = phase.Step(step);
            Report("step", phase, step + 1, values, first, begun, events);
            if ((step + 1) % phase.StepsPerEpoch == 0 || step + 1 == phase.Steps)
            {
                Save(phase, stateFile, step + 1);
                saved = clock.GetTimestamp();
                Report("validation", phase, step + 1, phase.Validate(cancellationToken), first, begun, events);
            }
            else if (clock.GetElapsedTime(saved) > SaveInterval)
            {
                Save(phase, stateFile, step + 1);
                saved = clock.GetTimestamp();
            }
        }

        phase.Completed();
        return true;
    }

    private void Report(string kind, ITrainingPhase phase, long step, IReadOnlyDictionary<string, double> values, long first, long begun, EventLog events)
    {
        var elapsed = clock.GetElapsedTime(begun);
        var update = new TrainingUpdate(phase.Name, step, phase.Steps, values, phase.BatchSize, (step - first) * phase.BatchSize / Math.Max(1e-9, elapsed.TotalSeconds),
            elapsed / Math.Max(1, step - first) * (phase.Steps - step));
        var fields = new JsonObject { ["phase"] = phase.Name, ["step"] = step, ["steps"] = phase.Steps };
        foreach (var (name, value) in values) fields[name] = double.IsFinite(value) ? Math.Round(value, 6) : null;
        fields["samples_per_second"] = Math.Round(update.SamplesPerSecond, 1);
        events.Append(kind, fields);
        progress?.Report(update);
    }

    private static void Save(ITrainingPhase phase, string file, long step) =>
        SafetensorsWriter.Write(file, phase.State().Select(entry => (entry.Name, entry.Value)),
            metadata: new Dictionary<string, string> { ["phase"] = phase.Name, ["step"] = step.ToString(CultureInfo.InvariantCulture) });

    private static long Load(ITrainingPhase phase, string file)
    {
        if (!File.Exists(file)) return 0;
        using var noGradient = no_grad();
        using var state = SafetensorsFile.Open(file);
        foreach (var (name, value) in phase.State()) state.ReadInto(name, value);
        var step = long.Parse(state.Metadata["step"], CultureInfo.InvariantCulture);
        phase.Resumed(step);
        return step;
    }
}
