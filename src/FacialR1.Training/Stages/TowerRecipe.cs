using System.Text.Json.Nodes;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Faces;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Stages;

/// <summary>Teaches the vision tower of a checkpoint further by labels and by the face reader's network; the decoder stays as it is.</summary>
/// <param name="dataFolder">In the fer-au layout, with landmarks.</param>
public sealed class TowerRecipe(string dataFolder, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    /// <summary>The rate stays high and falls over the last third, so that the number of passes can be changed while a run goes on.</summary>
    public static PhaseOptions Usual { get; } = new(12, 128, 8e-4, 0.05, 0.1, Cooldown: 0.35, HeadRate: 3);

    /// <summary>The configuration as it is kept in the run folder; the number of passes is left out, because a run may be made longer.</summary>
    public JsonObject Describe(string parent, PhaseOptions options, int seed)
    {
        var configuration = MiniRecipe.Describe(options);
        configuration.Remove("epochs");
        configuration["cooldown"] = options.Cooldown;
        return new JsonObject
        {
            ["kind"] = "tower", ["stage"] = "base", ["parent"] = StageRecipe.NameOf(parent), ["data"] = Path.GetFileName(Path.GetFullPath(dataFolder)), ["seed"] = seed, ["configuration"] = configuration,
        };
    }

    /// <param name="parent">Folder of the checkpoint whose tower is taken.</param>
    /// <param name="modelsFolder">With the face reader.</param>
    /// <returns>The folder of the checkpoint with the new tower, or null when the run was stopped before its end.</returns>
    public string? Run(string parent, string modelsFolder, RunFolder run, PhaseOptions options, int seed, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(run.CheckpointFolder, MiniRecipe.TowerName);
        if (run.Status == RunFolder.Completed && Directory.Exists(folder)) return folder;

        using var checkpoint = TrainableCheckpoint.Open(parent);
        using var teacher = FaceReader.LoadNetwork(modelsFolder);
        manual_seed(seed);
        using var heads = new VisionHeads(MiniArchitecture.VisualTokens(checkpoint.Model.Options.Vision), checkpoint.Model.Options.Text.Width);
        var (training, validation) = (FerAuFolder.Load(dataFolder, "train"), FerAuFolder.Load(dataFolder, "val"));
        var finished = new TrainingLoop(run, clock, progress) { Conclude = _ => checkpoint.Save(folder) }.Run(
            [() => new VisionPhase(checkpoint.Model, heads, teacher, checkpoint.Processor, training, validation, options, new FaceAugmentation(), seed)], cancellationToken);
        return finished ? folder : null;
    }
}
