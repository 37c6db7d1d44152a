using FacialR1.VisionLanguage.Faces;
using FacialR1.Training.Data;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>Trains the convolutional teacher on labels.</summary>
public sealed class TeacherPhase : ITrainingPhase
{
    private const double AverageDecay = 0.998, Smoothing = 0.1, ActionUnitWeight = 2;
    private readonly FaceNetwork network;
    private readonly IReadOnlyList<FaceSample> validation;
    private readonly PhaseOptions options;
    private readonly AdamW optimizer;
    private readonly WeightAverage average;
    private readonly BatchSource batches;
    private readonly long pass;   // steps

    /// <param name="network">Stays the caller's.</param>
    public TeacherPhase(FaceNetwork network, IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> validation, PhaseOptions options,
        FaceAugmentation augmentation, int seed)
    {
        (this.network, this.validation, this.options) = (network, validation, options);
        optimizer = new AdamW(network.named_parameters().Select(row => (row.name, (Tensor)row.parameter)), options.Decay, beta2: 0.99);
        average = new WeightAverage(network.state_dict().Select(row => (row.Key, row.Value)));
        batches = new BatchSource(training, options.BatchSize, augmentation, seed);
        pass = FaceBatch.StepsPerPass(training, options.BatchSize);
    }

    public string Name => "teacher";

    public long StepsPerEpoch => pass * options.ValidateEvery;

    public long Steps => pass * options.Epochs;

    public int BatchSize => options.BatchSize;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        network.train();
        var batch = batches.At(step);
        var (emotion, units, landmarks) = FaceTargets.Of(batch, network.Device).Losses(network.call(FaceTargets.Pictures(batch, network.Device)), Smoothing);
        var loss = emotion + ActionUnitWeight * units + landmarks;
        optimizer.ZeroGradients();
        loss.backward();
        var rate = LearningRate.WarmupCosine(step, Steps, pass, options.Peak, options.Peak / 2000);
        var norm = optimizer.Step(rate, maxNorm: 5);
        average.Update(step, AverageDecay);
        return new Dictionary<string, double> { ["loss"] = loss.item<float>(), ["learning_rate"] = rate, ["grad_norm"] = norm };
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var averaged = average.InPlace();
        using var noGradient = no_grad();
        network.eval();
        return FaceMeasures.Of(validation, network.call, network.Device, cancellationToken);
    }

    public IEnumerable<(string Name, Tensor Value)> State() =>
        network.state_dict().Select(row => (row.Key, row.Value)).Concat(optimizer.State()).Concat(average.State());

    public void Resumed(long step) => optimizer.Resume(step);

    public void Completed() => average.Apply();

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
        average.Dispose();
    }
}
