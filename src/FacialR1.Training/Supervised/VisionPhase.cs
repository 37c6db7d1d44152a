using FacialR1.VisionLanguage.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>How long and how fast a phase learns.</summary>
/// <param name="Peak">Highest learning rate.</param>
/// <param name="Decay">Weight decay of matrices.</param>
/// <param name="DropPath">Stochastic depth of the vision tower's last block.</param>
/// <param name="Cooldown">The learning rate stays at its peak and falls over this last share of the steps; null for a cosine from the peak on.</param>
/// <param name="HeadRate">How many times as fast the vision heads learn: more than 1 where fresh heads join a tower that already sees.</param>
public sealed record PhaseOptions(int Epochs, int BatchSize, double Peak, double Decay, double DropPath, double? Cooldown = null, double HeadRate = 1);

/// <summary>Teaches the vision tower alone, through <see cref="VisionHeads"/>, by labels and by the convolutional teacher.</summary>
public sealed class VisionPhase : ITrainingPhase
{
    private const double AverageDecay = 0.998;
    private readonly Qwen25VlModel model;
    private readonly VisionHeads heads;
    private readonly FaceNetwork teacher;
    private readonly ImageProcessorOptions processor;
    private readonly IReadOnlyList<FaceSample> validation;
    private readonly PhaseOptions options;
    private readonly DistillationLoss objective = new();
    private readonly AdamW optimizer;
    private readonly WeightAverage average;
    private readonly BatchSource batches;

    /// <param name="model">Its tower is trained in its own type; bf16 is fastest on processors that have it.</param>
    /// <param name="teacher">Frozen; stays the caller's.</param>
    public VisionPhase(Qwen25VlModel model, VisionHeads heads, FaceNetwork teacher, ImageProcessorOptions processor,
        IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> validation, PhaseOptions options, FaceAugmentation augmentation, int seed)
    {
        (this.model, this.heads, this.teacher, this.processor, this.validation, this.options) = (model, heads, teacher, processor, validation, options);
        teacher.eval();
        var trained = model.Vision.named_parameters().Select(row => ($"visual.{row.name}", (Tensor)row.parameter))
            .Concat(heads.named_parameters().Select(row => ($"heads.{row.name}", (Tensor)row.parameter))).ToArray();
        optimizer = new AdamW(trained, options.Decay, rateFactor: name => name.StartsWith("heads.", StringComparison.Ordinal) ? options.HeadRate : 1);
        average = new WeightAverage(trained);
        batches = new BatchSource(training, options.BatchSize, augmentation, seed);
        StepsPerEpoch = Math.Max(1, training.Count / options.BatchSize);
    }

    public string Name => "vision";

    public long StepsPerEpoch { get; }

    public long Steps => StepsPerEpoch * options.Epochs;

    public int BatchSize => options.BatchSize;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        model.train();
        heads.train();
        var batch = batches.At(step);
        var pictures = FaceTargets.Pictures(batch);
        FaceOutputs opinion;
        using (no_grad()) opinion = teacher.call(pictures);
        var loss = objective.Of(Look(pictures, options.DropPath), opinion, FaceTargets.Of(batch));

        optimizer.ZeroGradients();
        loss.backward();
        var rate = options.Cooldown is { } cooldown
            ? LearningRate.WarmupStableCooldown(step, Steps, StepsPerEpoch / 2, options.Peak, cooldown, options.Peak / 100)
            : LearningRate.WarmupCosine(step, Steps, StepsPerEpoch / 2, options.Peak, options.Peak / 100);
        var norm = optimizer.Step(rate, maxNorm: 2);
        average.Update(step, AverageDecay);
        return new Dictionary<string, double> { ["loss"] = loss.item<float>(), ["learning_rate"] = rate, ["grad_norm"] = norm };
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var averaged = average.InPlace();
        using var noGradient = no_grad();
        model.eval();
        heads.eval();
        return FaceMeasures.Of(validation, (pictures) => Look(pictures, 0), cancellationToken);
    }

    public IEnumerable<(string Name, Tensor Value)> State() =>
        model.Vision.named_parameters().Select(row => ($"visual.{row.name}", (Tensor)row.parameter))
            .Concat(heads.named_parameters().Select(row => ($"heads.{row.name}", (Tensor)row.parameter)))
            .Concat(optimizer.State()).Concat(average.State());

    public void Resumed(long step) => optimizer.Resume(step);

    /// <summary>The averaged weights are what the next phase starts from.</summary>
    public void Completed() => average.Apply();

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
        average.Dispose();
    }

    private FaceOutputs Look(Tensor pictures, double dropPath)
    {
        var (patches, grids) = FacePatches.Of(pictures, processor);
        return heads.call(model.Vision.Encode(patches, grids, dropPath));
    }
}
