using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Synthesis;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Stages;

/// <summary>How a stage learns reports.</summary>
/// <param name="Steps">Batches.</param>
/// <param name="Peak">Highest learning rate; a cosine to a fiftieth.</param>
/// <param name="TowerRate">Share of the learning rate that the vision tower gets; 0 freezes it.</param>
/// <param name="ValidateEvery">Steps.</param>
/// <param name="ValidationSamples">The first so many of the validation split.</param>
public sealed record ReportPhaseOptions(int Steps, int BatchSize, double Peak, double TowerRate = 0, double Decay = 0.05, int ValidateEvery = 200, int ValidationSamples = 1500)
{
    /// <summary>What the tokens that name the emotion weigh, in the conclusion and in the answer; all others weigh 1. They are two in about fifty, and the hardest.</summary>
    public double EmotionWeight { get; init; } = 1;
}

/// <summary>Next-token learning of reports (paper section 3.1): every response token weighs the same unless <see cref="ReportPhaseOptions.EmotionWeight"/> says otherwise, the prompt weighs nothing.</summary>
public sealed class ReportPhase : ITrainingPhase
{
    private const double AverageDecay = 0.99;
    private static readonly Dictionary<int, float> EqualUnits = [];
    private readonly TrainableCheckpoint checkpoint;
    private readonly HintedPrompts prompts;
    private readonly ReportSource source;
    private readonly IReadOnlyList<FaceSample> validation;
    private readonly ReportPhaseOptions options;
    private readonly (string Name, Tensor Parameter)[] trained;
    private readonly AdamW optimizer;
    private readonly WeightAverage average;
    private readonly BatchSource batches;
    private readonly FaceEvaluator evaluator;
    private readonly int seed;

    /// <param name="checkpoint">Trained in place; stays the caller's.</param>
    public ReportPhase(string name, TrainableCheckpoint checkpoint, ReportSource source, IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> validation,
        ReportPhaseOptions options, FaceAugmentation augmentation, int seed)
    {
        (Name, this.checkpoint, this.source, this.validation, this.options, this.seed) = (name, checkpoint, source, validation, options, seed);
        var tokensPerSide = MiniArchitecture.Side / checkpoint.Processor.Factor;
        prompts = new HintedPrompts(checkpoint.Tokenizer, checkpoint.Question, tokensPerSide * tokensPerSide);
        evaluator = FaceEvaluator.Of(checkpoint.Model, checkpoint.Tokenizer, checkpoint.Tokens, checkpoint.Processor, checkpoint.Question);
        trained = [.. checkpoint.Model.named_parameters().Where(row => options.TowerRate > 0 || !IsTower(row.name)).Select(row => (row.name, (Tensor)row.parameter))];
        optimizer = new AdamW(trained, options.Decay, rateFactor: parameter => IsTower(parameter) ? options.TowerRate : 1);
        average = new WeightAverage(trained);
        batches = new BatchSource(training, options.BatchSize, augmentation, seed);
    }

    public string Name { get; }

    public long StepsPerEpoch => options.ValidateEvery;

    public long Steps => options.Steps;

    public int BatchSize => options.BatchSize;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        checkpoint.Model.train();
        var faces = batches.At(step);
        var rows = faces.Samples.Select((sample, row) => Row(source(sample, (ulong)FaceBatch.Mix(FaceBatch.Mix(seed, (int)step), row)))).ToArray();
        var (patches, grids) = FacePatches.Of(FaceTargets.Pictures(faces, checkpoint.Model.Device), checkpoint.Processor);
        Tensor visual;
        using (options.TowerRate > 0 ? null : no_grad()) visual = checkpoint.Model.Vision.Encode(patches, grids);
        var batch = ReportBatch.Of(rows, grids, checkpoint.Model.Options, checkpoint.Model.Device);
        var loss = batch.Loss(checkpoint.Model, visual);

        optimizer.ZeroGradients();
        loss.backward();
        var rate = LearningRate.WarmupCosine(step, Steps, Math.Max(1, Steps / 20), options.Peak, options.Peak / 50);
        var norm = optimizer.Step(rate, maxNorm: 1);
        average.Update(step, AverageDecay);
        return new Dictionary<string, double> { ["loss"] = loss.item<float>(), ["learning_rate"] = rate, ["grad_norm"] = norm, ["tokens"] = batch.Tokens };
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var averaged = average.InPlace();
        using var noGradient = no_grad();
        checkpoint.Model.eval();
        return WrittenMeasures.Of(evaluator, validation.Take(options.ValidationSamples), cancellationToken);
    }

    public IEnumerable<(string Name, Tensor Value)> State() => trained.Concat(optimizer.State()).Concat(average.State());

    public void Resumed(long step) => optimizer.Resume(step);

    public void Completed() => average.Apply();

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
        average.Dispose();
    }

    private ReportRow Row(ReportTask task)
    {
        var example = ReportExample.OfText(task.Report, task.Emotion, checkpoint.Tokenizer, EqualUnits).WithEmotionWeight((float)options.EmotionWeight);
        return new ReportRow(prompts.With(task.Hint), example.Ids, example.Weights);
    }

    private static bool IsTower(string parameter) => parameter.StartsWith("visual.", StringComparison.Ordinal);
}
