using FacialR1.Analysis.Reasoning;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>Validation of a model that writes: greedy reports for many faces at once, read by the one parser.</summary>
public static class ReportMeasures
{
    private const int BatchSize = 250, MaxTokens = 160;

    public static IReadOnlyDictionary<string, double> Of(Qwen25VlModel model, Tokenizer tokenizer, int[] prompt, ImageProcessorOptions processor,
        IReadOnlyList<FaceSample> samples, CancellationToken cancellationToken)
    {
        var units = FerAuFolder.ActionUnits;
        var (hit, falseAlarm, missed) = (new int[units.Count], new int[units.Count], new int[units.Count]);
        var (correct, wellFormed) = (0, 0);
        foreach (var chunk in samples.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (sample, text) in chunk.Zip(Greedy(model, tokenizer, prompt, processor, chunk)))
            {
                var trace = ReasoningParser.Parse(text);
                if (trace.FormatOk) wellFormed++;
                if (trace.Emotion == sample.Emotion) correct++;
                for (var unit = 0; unit < units.Count; unit++)
                {
                    var (claimed, present) = (trace.ActionUnits.Contains(units[unit]), sample.ActionUnits!.Contains(units[unit]));
                    if (claimed && present) hit[unit]++;
                    else if (claimed) falseAlarm[unit]++;
                    else if (present) missed[unit]++;
                }
            }
        }

        var measures = new Dictionary<string, double>
        {
            ["val_emotion_accuracy"] = (double)correct / samples.Count,
            ["val_au_macro_f1"] = units.Select((_, unit) => F1(unit)).Average(),
            ["val_format_rate"] = (double)wellFormed / samples.Count,
            ["val_n"] = samples.Count,
        };
        for (var unit = 0; unit < units.Count; unit++) measures[$"val_f1_au{units[unit]}"] = F1(unit);
        return measures;

        double F1(int unit) => 2.0 * hit[unit] / Math.Max(1, 2 * hit[unit] + falseAlarm[unit] + missed[unit]);
    }

    /// <summary>One greedy response per face; all prompts have the same length, so nothing is padded.</summary>
    private static string[] Greedy(Qwen25VlModel model, Tokenizer tokenizer, int[] prompt, ImageProcessorOptions processor, FaceSample[] samples)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var rows = samples.Length;
        var stop = tokenizer.IdOf(QwenTokens.TurnEnd);
        var pictures = FaceTargets.Pictures(new FaceBatch(0, samples, [.. samples.Select(sample => FaceAugmentation.Plain(sample))]));
        var (patches, grids) = FacePatches.Of(pictures, processor);
        var visual = model.Vision.Encode(patches, grids);
        var positions = MultimodalPositions.Of(prompt, [grids[0]], model.Options.Tokens.Image, processor.MergeSize);
        using var cache = new KeyValueCache(model.Options.Text.Layers, prompt.Length + MaxTokens);
        var start = stack([tensor(positions.Time), tensor(positions.Height), tensor(positions.Width)]).unsqueeze(1).expand(3, rows, prompt.Length);
        var last = model.Read(tensor(prompt.Select(id => (long)id).ToArray()).expand(rows, prompt.Length), start, visual, cache).select(1, prompt.Length - 1);

        var written = samples.Select(_ => new List<int>()).ToArray();
        var done = new bool[rows];
        for (var step = 0; step < MaxTokens; step++)
        {
            using var inner = NewDisposeScope();
            var next = model.Logits(last).argmax(-1);
            var ids = next.data<long>().ToArray();
            for (var row = 0; row < rows; row++)
            {
                if (done[row]) continue;
                if (ids[row] == stop) done[row] = true;
                else written[row].Add((int)ids[row]);
            }

            if (done.All(finished => finished)) break;
            var place = full([3, rows, 1], prompt.Length + step + positions.Delta, ScalarType.Int64);
            last = model.Read(next.unsqueeze(1), place, null, cache).select(1, 0).MoveToOuterDisposeScope();
        }

        return [.. written.Select(ids => tokenizer.Decode(ids, skipSpecial: true))];
    }
}
