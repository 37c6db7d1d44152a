using System.Text.Json.Nodes;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Stages;

/// <summary>Trains a convolutional network on labels alone, to teach the vision tower; several with different seeds make a committee.</summary>
/// <param name="dataFolder">In the fer-au layout, with landmarks.</param>
public sealed class TeacherRecipe(string dataFolder, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    /// <summary>Below <c>checkpoints</c> of the run.</summary>
    public const string WeightsFile = "teacher.safetensors";

    /// <summary>For many passes: stronger changes of the photos than a short run can use.</summary>
    public static FaceAugmentation Views { get; } = new() { MaxScale = 0.2, EraseProbability = 0.5 };

    public static PhaseOptions Usual { get; } = new(40, 128, 2e-3, 0.05, 0) { ValidateEvery = 5 };

    /// <summary>The first so many photos of each split, in a rehearsal; null for all.</summary>
    public int? Photos { get; init; }

    public JsonObject Describe(PhaseOptions options, int seed)
    {
        var configuration = MiniRecipe.Describe(options);
        (configuration["erase"], configuration["scale"]) = (Views.EraseProbability, Views.MaxScale);
        if (Photos is not null) configuration["limit"] = Photos;
        return new JsonObject
        {
            ["kind"] = "teacher", ["stage"] = "teacher", ["data"] = Path.GetFileName(Path.GetFullPath(dataFolder)), ["seed"] = seed, ["configuration"] = configuration,
        };
    }

    /// <returns>The file with the weights, or null when the run was stopped before its end.</returns>
    public string? Run(RunFolder run, PhaseOptions options, int seed, CancellationToken cancellationToken)
    {
        var file = Path.Combine(run.CheckpointFolder, WeightsFile);
        if (run.Status == RunFolder.Completed && File.Exists(file)) return file;

        manual_seed(seed);
        using var network = new FaceNetwork();
        network.to(ComputeDevice.Usual);
        var (training, validation) = (FerAuFolder.Load(dataFolder, "train", Photos), FerAuFolder.Load(dataFolder, "val", Photos));
        var finished = new TrainingLoop(run, clock, progress) { Conclude = _ => SafetensorsWriter.Write(file, network.Weights(), ScalarType.Float16) }.Run(
            [() => new TeacherPhase(network, training, validation, options, Views, seed)], cancellationToken);
        return finished ? file : null;
    }
}
