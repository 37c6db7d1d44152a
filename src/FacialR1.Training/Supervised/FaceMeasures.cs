using FacialR1.VisionLanguage.Faces;
using FacialR1.Training.Data;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>Quick validation of anything that looks at faces without writing: emotion accuracy, and AU macro-F1 at probability one half and at the best threshold of each AU.</summary>
public static class FaceMeasures
{
    private const int BatchSize = 256;

    /// <param name="samples">Seen as they are, neither mirrored nor augmented.</param>
    /// <param name="look">[B, 1, side, side] → outputs; called without gradient.</param>
    /// <param name="device">Where the pictures are looked at.</param>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<FaceSample> samples, Func<Tensor, FaceOutputs> look, Device device, CancellationToken cancellationToken)
    {
        var units = FerAuFolder.ActionUnits;
        var scores = units.Select(_ => new List<(float Logit, bool IsPresent)>(samples.Count)).ToArray();
        var correct = 0;
        foreach (var chunk in samples.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var outputs = look(FaceTargets.Pictures(new FaceBatch(0, chunk, [.. chunk.Select(sample => FaceAugmentation.Plain(sample))]), device));
            var emotions = outputs.Emotions.argmax(1).cpu().data<long>().ToArray();
            var logits = outputs.ActionUnits.to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (var row = 0; row < chunk.Length; row++)
            {
                if (emotions[row] == (long)chunk[row].Emotion!.Value) correct++;
                for (var unit = 0; unit < units.Count; unit++)
                    scores[unit].Add((logits[row * units.Count + unit], chunk[row].ActionUnits!.Contains(units[unit])));
            }
        }

        var best = scores.Select(BestF1).ToArray();
        var measures = new Dictionary<string, double>
        {
            ["val_emotion_accuracy"] = (double)correct / samples.Count, ["val_au_macro_f1"] = scores.Select(rows => F1At(rows, 0)).Average(),
            ["val_au_macro_f1_at_best_thresholds"] = best.Average(item => item.F1), ["val_n"] = samples.Count,
        };
        for (var unit = 0; unit < units.Count; unit++)
            (measures[$"val_f1_AU{units[unit]}"], measures[$"val_threshold_AU{units[unit]}"]) = (best[unit].F1, 1 / (1 + Math.Exp(-best[unit].Logit)));
        return measures;
    }

    private static double F1At(IReadOnlyCollection<(float Logit, bool IsPresent)> rows, float threshold)
    {
        var hit = rows.Count(row => row.Logit > threshold && row.IsPresent);
        return 2.0 * hit / Math.Max(1, rows.Count(row => row.Logit > threshold) + rows.Count(row => row.IsPresent));
    }

    /// <summary>The highest F1 that any threshold gives on these very rows, hence optimistic, and the logit where it is reached.</summary>
    private static (double F1, double Logit) BestF1(List<(float Logit, bool IsPresent)> rows)
    {
        var present = rows.Count(row => row.IsPresent);
        var (best, at, hit, claimed) = (0.0, 0.0, 0, 0);
        foreach (var (logit, isPresent) in rows.OrderByDescending(row => row.Logit))
        {
            claimed++;
            if (isPresent) hit++;
            var f1 = 2.0 * hit / (claimed + present);
            if (f1 > best) (best, at) = (f1, logit);
        }

        return (best, at);
    }
}
