using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;

namespace FacialR1.Training.Evaluation;

/// <summary>Quick validation of a model that writes, under the names of the event log.</summary>
public static class WrittenMeasures
{
    /// <param name="evaluator">Its model is in evaluation mode.</param>
    public static IReadOnlyDictionary<string, double> Of(FaceEvaluator evaluator, IEnumerable<FaceSample> samples, CancellationToken cancellationToken)
    {
        var report = FaceEvaluator.Measure(evaluator.Answer(samples, cancellationToken), resamples: 200);
        var measures = new Dictionary<string, double>
        {
            ["val_emotion_accuracy"] = report.EmotionAccuracy?.Value ?? double.NaN, ["val_au_macro_f1"] = report.AuMacroF1?.Value ?? double.NaN,
            ["val_emotion_macro_f1"] = report.EmotionMacroF1?.Value ?? double.NaN, ["val_format_rate"] = report.FormatRate?.Value ?? double.NaN,
            ["val_hallucination"] = report.Hallucination?.Value ?? double.NaN, ["val_coverage"] = report.Coverage?.Value ?? double.NaN, ["val_n"] = report.N,
        };
        foreach (var (unit, estimate) in report.PerAu ?? new Dictionary<string, ActionUnitEstimate>()) measures[$"val_f1_{unit}"] = estimate.F1 ?? double.NaN;
        return measures;
    }
}
