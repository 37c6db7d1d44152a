using FacialR1.Training.Data;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>Quick validation of anything that looks at faces without writing: emotion accuracy and AU macro-F1 at probability one half.</summary>
public static class FaceMeasures
{
    private const int BatchSize = 256;

    /// <param name="samples">Seen as they are, neither mirrored nor augmented.</param>
    /// <param name="look">[B, 1, side, side] → outputs; called without gradient.</param>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<FaceSample> samples, Func<Tensor, FaceOutputs> look, CancellationToken cancellationToken)
    {
        var units = FerAuFolder.ActionUnits;
        var (hit, falseAlarm, missed) = (new int[units.Count], new int[units.Count], new int[units.Count]);
        var correct = 0;
        foreach (var chunk in samples.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var outputs = look(FaceTargets.Pictures(new FaceBatch(0, chunk, [.. chunk.Select(sample => FaceAugmentation.Plain(sample))])));
            var emotions = outputs.Emotions.argmax(1).data<long>().ToArray();
            var logits = outputs.ActionUnits.to(ScalarType.Float32).data<float>().ToArray();
            for (var row = 0; row < chunk.Length; row++)
            {
                if (emotions[row] == (long)chunk[row].Emotion!.Value) correct++;
                for (var unit = 0; unit < units.Count; unit++)
                {
                    var (claimed, present) = (logits[row * units.Count + unit] > 0, chunk[row].ActionUnits!.Contains(units[unit]));
                    if (claimed && present) hit[unit]++;
                    else if (claimed) falseAlarm[unit]++;
                    else if (present) missed[unit]++;
                }
            }
        }

        var f1 = units.Select((_, unit) => 2.0 * hit[unit] / Math.Max(1, 2 * hit[unit] + falseAlarm[unit] + missed[unit])).Average();
        return new Dictionary<string, double> { ["val_emotion_accuracy"] = (double)correct / samples.Count, ["val_au_macro_f1"] = f1, ["val_n"] = samples.Count };
    }
}
