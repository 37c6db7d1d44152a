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
public sealed record PhaseOptions(int Epochs, int BatchSize, double Peak, double Decay, double DropPath, double? Cooldown = null, double HeadRate = 1)
{
    /// <summary>Validate and save every so many passes.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Every second batch shows blends of two faces, on which only the teacher's opinion counts (Zhang et al. 2018; as in Beyer et al. 2022). For long runs, which would otherwise learn the photos by heart.</summary>
    public bool BlendsFaces { get; init; }
}

/// <summary>Teaches the vision tower alone, through <see cref="VisionHeads"/>, by labels and by the convolutional teacher.</summary>
public sealed class VisionPhase : ITrainingPhase
{
    private const double AverageDecay = 0.998;
    private readonly Qwen25VlModel model;
    private readonly VisionHeads heads;
    private readonly FaceCommittee teachers;
    private readonly ImageProcessorOptions processor;
    private readonly IReadOnlyList<FaceSample> validation;
    private readonly PhaseOptions options;
    private readonly DistillationLoss objective;
    private readonly AdamW optimizer;
    private readonly WeightAverage average;
    private readonly BatchSource batches;
    private readonly long pass;   // steps

    /// <param name="model">Its tower is trained in its own type; bf16 is fastest on processors that have it.</param>
    /// <param name="teachers">Frozen.</param>
    /// <param name="objective">How much the labels and how much the teachers count; null for the usual shares.</param>
    public VisionPhase(Qwen25VlModel model, VisionHeads heads, FaceCommittee teachers, ImageProcessorOptions processor,
        IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> validation, PhaseOptions options, FaceAugmentation augmentation, int seed, DistillationLoss? objective = null)
    {
        (this.model, this.heads, this.teachers, this.processor, this.validation, this.options) = (model, heads, teachers, processor, validation, options);
        this.objective = objective ?? new DistillationLoss();
        var trained = model.Vision.named_parameters().Select(row => ($"visual.{row.name}", (Tensor)row.parameter))
            .Concat(heads.named_parameters().Select(row => ($"heads.{row.name}", (Tensor)row.parameter))).ToArray();
        optimizer = new AdamW(trained, options.Decay, rateFactor: name => name.StartsWith("heads.", StringComparison.Ordinal) ? options.HeadRate : 1);
        average = new WeightAverage(trained);
        batches = new BatchSource(training, options.BatchSize, augmentation, seed);
        pass = FaceBatch.StepsPerPass(training, options.BatchSize);
    }

    public string Name => "vision";

    public long StepsPerEpoch => pass * options.ValidateEvery;

    public long Steps => pass * options.Epochs;

    public int BatchSize => options.BatchSize;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        model.train();
        heads.train();
        var batch = batches.At(step);
        var pictures = FaceTargets.Pictures(batch, model.Device);
        var isBlended = options.BlendsFaces && step % 2 == 1;
        if (isBlended) pictures = Blended(pictures);
        var opinion = teachers.Opinion(pictures);
        var seen = Look(pictures, options.DropPath);
        var loss = isBlended ? objective.OfOpinion(seen, opinion) : objective.Of(seen, opinion, FaceTargets.Of(batch, model.Device));

        optimizer.ZeroGradients();
        loss.backward();
        var rate = options.Cooldown is { } cooldown
            ? LearningRate.WarmupStableCooldown(step, Steps, pass / 2, options.Peak, cooldown, options.Peak / 100)
            : LearningRate.WarmupCosine(step, Steps, pass / 2, options.Peak, options.Peak / 100);
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
        return FaceMeasures.Of(validation, pictures => Look(pictures, 0), model.Device, cancellationToken);
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

    /// <summary>Each picture with the next of the batch, in shares drawn evenly from 0 to 1.</summary>
    private static Tensor Blended(Tensor pictures)
    {
        var share = rand(pictures.shape[0], 1, 1, 1, device: pictures.device);
        return share * pictures + (1 - share) * pictures.roll(1, 0);
    }

    private FaceOutputs Look(Tensor pictures, double dropPath)
    {
        var (patches, grids) = FacePatches.Of(pictures, processor);
        return heads.call(model.Vision.Encode(patches, grids, dropPath));
    }
}
