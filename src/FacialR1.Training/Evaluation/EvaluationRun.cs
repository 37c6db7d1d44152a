using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Training.Datasets;
using FacialR1.Training.Runs;

namespace FacialR1.Training.Evaluation;

/// <summary>
/// An evaluation as a run: it takes its folder, says in the event log how far it is, and can be paused and stopped from outside. Answers are in the result
/// file only, so a killed evaluation goes on there and asks no sample twice.
/// </summary>
/// <param name="run">Where it reports.</param>
/// <param name="clock">For event times and speed.</param>
public sealed class EvaluationRun(RunFolder run, TimeProvider clock)
{
    /// <summary>Kind of the run, and name of its only phase.</summary>
    public const string Kind = "evaluate", Phase = "answers";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);
    private int right, labelled, formatted, answered;

    /// <summary>Runs or goes on.</summary>
    /// <param name="benchmark">What is asked.</param>
    /// <param name="evaluation">Who is asked; this run decides what comes before each question.</param>
    /// <param name="file">Takes the answers.</param>
    /// <param name="progress">Told after each answer.</param>
    /// <param name="cancellationToken">Stops it; it can go on later.</param>
    /// <returns>False when it was stopped.</returns>
    /// <exception cref="InvalidOperationException">Another process works on this run.</exception>
    /// <exception cref="ModelUnavailableException">The model cannot answer.</exception>
    public async Task<bool> RunAsync(Benchmark benchmark, Func<Func<CancellationToken, ValueTask>, BenchmarkEvaluation> evaluation, ResultFile file, IProgress<ResultRow>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(file);
        using var hold = run.Hold();
        using var control = new RunControl(run, cancellationToken);
        using var events = new EventLog(run.EventFile, clock);
        try
        {
            run.WriteStatus(RunFolder.Running);
            events.Begin(new JsonObject { ["answered"] = file.Rows.Count });
            var (begun, reported, before) = (clock.GetTimestamp(), 0L, file.Rows.Count);
            await foreach (var row in evaluation(BeforeEach).AnswerAsync(benchmark, file, control.Stopping))
            {
                Count(row);
                progress?.Report(row);
                if (answered <= before || (answered < benchmark.Samples.Count && reported != 0 && clock.GetElapsedTime(reported) < ReportInterval)) continue;
                reported = clock.GetTimestamp();
                events.Append("step", Step(benchmark.Samples.Count, (answered - before) / Math.Max(1e-9, clock.GetElapsedTime(begun).TotalSeconds)));
            }

            events.Append("completed", []);
            run.WriteStatus(RunFolder.Completed);
            return true;
        }
        catch (OperationCanceledException) when (control.Look() is RunRequest.Stop or RunRequest.Finish)
        {
            control.Obeyed();
            events.Append("stopped", []);
            run.WriteStatus(RunFolder.Stopped);
            return false;
        }
        catch (Exception error)
        {
            events.Append("failed", new JsonObject { ["error"] = error.Message });
            run.WriteStatus(RunFolder.Failed);
            throw;
        }

        ValueTask BeforeEach(CancellationToken _)
        {
            WaitForTurn(events, control);
            return ValueTask.CompletedTask;
        }
    }

    private void Count(ResultRow row)
    {
        answered++;
        if (row.Reading.FormatOk) formatted++;
        if (row.IsRight is not { } isRight) return;
        labelled++;
        if (isRight) right++;
    }

    private JsonObject Step(int samples, double perSecond)
    {
        var step = new JsonObject { ["phase"] = Phase, ["step"] = answered, ["steps"] = samples, ["samples_per_second"] = Math.Round(perSecond, 2), ["format_rate"] = Math.Round((double)formatted / answered, 4) };
        if (labelled > 0) step["emotion_accuracy"] = Math.Round((double)right / labelled, 4);
        return step;
    }

    /// <summary>Before each question: waits out a pause.</summary>
    /// <exception cref="OperationCanceledException">The run is to end. Finishing early and stopping are the same here: what is answered is stored, the rest can be asked later.</exception>
    private static void WaitForTurn(EventLog events, RunControl control)
    {
        var asked = control.Look();
        if (asked == RunRequest.Pause)
        {
            Mark("paused");
            asked = control.WaitWhilePaused();
            if (asked is not (RunRequest.Stop or RunRequest.Finish)) Mark("continued");
        }

        if (asked is RunRequest.Stop or RunRequest.Finish) throw new OperationCanceledException("Asked to end.", control.Stopping);

        void Mark(string kind) => events.Append(kind, new JsonObject { ["phase"] = Phase });
    }
}
