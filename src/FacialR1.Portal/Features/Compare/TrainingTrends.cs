using System.Globalization;
using System.Text.RegularExpressions;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Data;

namespace FacialR1.Portal.Features.Compare;

/// <summary>One measure over the steps of the runs that made the compared checkpoints.</summary>
/// <param name="Key">For element ids.</param>
public sealed record TrendChart(string Key, string Title, ChartScene Scene);

/// <summary>How the compared checkpoints came about.</summary>
/// <param name="Runs">Runs that are here, in order.</param>
/// <param name="Missing">Which results could not be placed, and why, for people.</param>
public sealed record TrainingTrend(IReadOnlyList<string> Runs, IReadOnlyList<string> Missing, IReadOnlyList<TrendChart> Charts);

/// <summary>
/// Joins results with the validation curves of the runs behind their checkpoints. A checkpoint's run stands in its lineage and it is the run's end; a model
/// called "run/step-40" is that step. Runs are laid one after another, in the order in which the results are compared.
/// </summary>
public sealed partial class TrainingTrends(EvaluationIndex index, EvaluationStore results, CheckpointCatalog checkpoints, RunTraces traces)
{
    private static readonly (string Key, string Title, string Series, Func<EvaluationReport, Estimate?> Of)[] Measures =
    [
        ("trend-emotion-accuracy", "Emotion accuracy", "val_emotion_accuracy", report => report.EmotionAccuracy),
        ("trend-au-macro-f1", "AU macro-F1", "val_au_macro_f1", report => report.AuMacroF1),
        ("trend-hallucination", "AU hallucination (lower is better)", "val_hallucination", report => report.Hallucination),
        ("trend-coverage", "AU coverage", "val_coverage", report => report.Coverage),
    ];

    /// <exception cref="DataFormatException">There is no such result.</exception>
    /// <exception cref="IOException">A run's events cannot be read.</exception>
    public async Task<TrainingTrend> OfAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var (runs, missing, placed) = (new List<PlacedRun>(), new List<string>(), new List<(long Step, EvaluationReport Report)>());
        await index.RefreshAsync(cancellationToken);
        foreach (var id in ids)
        {
            var result = await results.FindAsync(id, cancellationToken) ?? throw new DataFormatException($"There is no result \"{id}\" any more; choose from the list.");
            var (run, step, why) = SourceOf(result.Model);
            if (run is null)
            {
                missing.Add($"{result.Model}: {why}");
                continue;
            }

            var known = runs.Find(other => other.Id == run);
            if (known is null)
            {
                if (await traces.ReadAsync(run, cancellationToken) is not { } trace)
                {
                    missing.Add($"{result.Model}: its run {run} is not on this machine");
                    continue;
                }
                if (PlacedRun.Of(run, trace, runs.Count == 0 ? 0 : runs[^1].End) is not { } read)
                {
                    missing.Add($"{result.Model}: its run {run} has logged no step");
                    continue;
                }
                runs.Add(known = read);
            }
            placed.Add((step is { } at ? Math.Min(known.Start + at, known.End) : known.End, await results.ReportAsync(result, EvaluationProtocol.Portal, cancellationToken)));
        }
        return new TrainingTrend([.. runs.Select(run => run.Id)], missing, [.. Measures.Select(measure => Draw(measure, runs, placed)).OfType<TrendChart>()]);
    }

    private static TrendChart? Draw((string Key, string Title, string Series, Func<EvaluationReport, Estimate?> Of) measure, IReadOnlyList<PlacedRun> runs, IReadOnlyList<(long Step, EvaluationReport Report)> placed)
    {
        var results = new Curve();
        foreach (var (step, report) in placed.OrderBy(point => point.Step))
            if (measure.Of(report) is { } estimate) results.Add(step, 0, estimate.Value);
        var lines = runs.Where(run => run.Curves.TryGetValue(measure.Series, out var curve) && curve.Count > 0)
            .Select((run, index) => new ChartLine($"validation in {run.Id}", run.Curves[measure.Series], null, null, index + 1)).ToList();
        if (results.Count > 0) lines.Insert(0, new ChartLine("these results", results, null, null, 0));
        return ChartScene.Make(lines, ChartAxis.Step, null) is { } scene ? new TrendChart(measure.Key, measure.Title, scene) : null;
    }

    private (string? Run, long? Step, string Why) SourceOf(string model)
    {
        if (StepName().Match(model) is { Success: true } named && long.TryParse(named.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var step)) return (named.Groups[1].Value, step, "");
        if (checkpoints.Find(model) is not { } checkpoint) return (null, null, "no checkpoint of this name is here, so its run is not known");
        if (checkpoint.Folder is not { } folder) return (null, null, "it is behind a server, so its run is not known");
        try
        {
            return FacialR1.Training.Stages.Lineage.Read(folder) is { } lineage ? (lineage.Run, null, "") : (null, null, "its checkpoint does not say which run made it");
        }
        catch (InvalidDataException error)
        {
            return (null, null, error.Message);
        }
    }

    [GeneratedRegex("^(.+)/step-([0-9]+)$")]
    private static partial Regex StepName();

    /// <summary>The validation curves of one run on the common axis.</summary>
    private sealed record PlacedRun(string Id, long Start, long End, IReadOnlyDictionary<string, Curve> Curves)
    {
        /// <summary>Copied under the trace's gate, because the run may still grow. Of several phases the last that validates counts: it made the checkpoint.</summary>
        public static PlacedRun? Of(string id, RunTrace trace, long start)
        {
            lock (trace.Gate)
            {
                var phase = trace.Phases.LastOrDefault(phase => Measures.Any(measure => phase.Find(measure.Series) is { Count: > 0 })) ?? (trace.Phases.Count > 0 ? trace.Phases[^1] : null);
                if (phase is null) return null;
                var curves = new Dictionary<string, Curve>();
                foreach (var measure in Measures)
                {
                    if (phase.Find(measure.Series) is not { } logged) continue;
                    var copy = curves[measure.Series] = new Curve();
                    for (var index = 0; index < logged.Count; index++) copy.Add(start + logged.Step(index), logged.Seconds(index), logged.Values[index]);
                }
                return new PlacedRun(id, start, start + phase.LastStep, curves);
            }
        }
    }
}
