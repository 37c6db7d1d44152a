using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Evaluation;

/// <summary>What a model must beat to be worth anything. Both learn from <c>train</c> only.</summary>
public static class Baselines
{
    private const int Epochs = 12, BatchSize = 256;

    /// <summary>Answers the commonest training emotion and claims the AUs that more than half of the training faces show, always.</summary>
    public static EvaluationReport Commonest(IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> samples)
    {
        var emotion = training.CountBy(sample => sample.Emotion!.Value).MaxBy(count => count.Value).Key;
        int[] units = [.. FerAuFolder.ActionUnits.Where(unit => training.Count(sample => sample.ActionUnits!.Contains(unit)) * 2 > training.Count)];
        return Measure([.. samples.Select(_ => ((Emotion?)emotion, units))], samples);
    }

    /// <summary>Logistic regression on raw pixels: one softmax over emotions, one sigmoid per AU, nothing in between.</summary>
    public static EvaluationReport PixelProbe(IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> samples, int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var pixels = training[0].Pixels.Length;
        using var probe = Linear(pixels, 7 + FerAuFolder.ActionUnits.Count);
        using var optimizer = new AdamW(probe.named_parameters().Select(row => (row.name, (Tensor)row.parameter)), decay: 0.01);
        var steps = training.Count * Epochs / BatchSize;
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var batch = FaceBatch.Make(training, BatchSize, Still, seed, step).Samples;
            var outputs = probe.call(Input(batch));
            var loss = functional.cross_entropy(outputs.narrow(1, 0, 7), tensor(batch.Select(sample => (long)sample.Emotion!.Value).ToArray()))
                + functional.binary_cross_entropy_with_logits(outputs.narrow(1, 7, FerAuFolder.ActionUnits.Count), Presence(batch));
            optimizer.ZeroGradients();
            loss.backward();
            optimizer.Step(LearningRate.WarmupCosine(step, steps, 20, 1e-3));
        }

        using var frozen = no_grad();
        var scores = probe.call(Input(samples)).data<float>().ToArray();
        var width = 7 + FerAuFolder.ActionUnits.Count;
        return Measure([.. samples.Select((_, row) =>
        {
            var own = scores.AsSpan(row * width, width);
            var best = 0;
            for (var emotion = 1; emotion < 7; emotion++)
                if (own[emotion] > own[best]) best = emotion;
            List<int> units = [];
            for (var unit = 0; unit < FerAuFolder.ActionUnits.Count; unit++)
                if (own[7 + unit] > 0) units.Add(FerAuFolder.ActionUnits[unit]);
            return ((Emotion?)(Emotion)best, units.ToArray());
        })], samples);
    }

    private static FaceAugmentation Still { get; } = new(0, 0, 0, 0, 0, 0);

    private static EvaluationReport Measure(IReadOnlyList<(Emotion? Emotion, int[] Units)> answers, IReadOnlyList<FaceSample> samples) => EvaluationReport.Of(
        [.. answers.Zip(samples, (answer, sample) => new EvaluationRow(true, answer.Emotion, answer.Units, new ResponseLabels(sample.Emotion, sample.ActionUnits)))],
        FerAuFolder.ActionUnits);

    private static Tensor Input(IReadOnlyList<FaceSample> samples) =>
        (tensor(samples.SelectMany(sample => sample.Pixels).Select(pixel => pixel / 255f).ToArray(), [samples.Count, samples[0].Pixels.Length]) - 0.5) * 4;

    private static Tensor Presence(IReadOnlyList<FaceSample> samples) => tensor(
        samples.SelectMany(sample => FerAuFolder.ActionUnits.Select(unit => sample.ActionUnits!.Contains(unit) ? 1f : 0f)).ToArray(),
        [samples.Count, FerAuFolder.ActionUnits.Count]);
}
