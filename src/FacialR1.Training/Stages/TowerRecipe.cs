using System.Text.Json.Nodes;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Faces;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Stages;

/// <summary>Teaches the vision tower of a checkpoint further by labels and by networks that see already; the decoder stays as it is.</summary>
/// <param name="dataFolder">In the fer-au layout, with landmarks.</param>
public sealed class TowerRecipe(string dataFolder, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    /// <summary>The rate stays high and falls over the last third, so that the number of passes can be changed while a run goes on.</summary>
    public static PhaseOptions Usual { get; } = new(12, 128, 8e-4, 0.05, 0.1, Cooldown: 0.35, HeadRate: 3);

    /// <summary>How much the labels and how much the teachers count.</summary>
    public DistillationLoss Objective { get; init; } = new();

    /// <summary>Weights of the networks that teach (<see cref="TeacherRecipe"/>); none for the face reader's network.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>The first so many photos of each split, in a rehearsal; null for all.</summary>
    public int? Photos { get; init; }

    /// <summary>The configuration as it is kept in the run folder; the number of passes is left out, because a run may be made longer.</summary>
    public JsonObject Describe(string parent, PhaseOptions options, int seed)
    {
        var configuration = MiniRecipe.Describe(options);
        configuration.Remove("epochs");
        configuration["cooldown"] = options.Cooldown;
        // Said only where it is not the usual, so that runs begun before can be gone on with.
        if (Teachers.Count > 0) configuration["teachers"] = Teachers.Count;
        if (Objective != new DistillationLoss()) (configuration["teacher_share"], configuration["teacher_unit_share"]) = (Objective.TeacherShare, Objective.TeacherUnitShare);
        if (Photos is not null) configuration["limit"] = Photos;
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
        FaceNetwork[] teachers = Teachers.Count == 0 ? [FaceReader.LoadNetwork(modelsFolder)] : [.. Teachers.Select(file => FaceNetwork.Load(file))];
        manual_seed(seed);
        using var heads = new VisionHeads(MiniArchitecture.VisualTokens(checkpoint.Model.Options.Vision), checkpoint.Model.Options.Text.Width);
        heads.to(checkpoint.Model.Device);
        foreach (var teacher in teachers) teacher.to(checkpoint.Model.Device);
        var (training, validation) = (FerAuFolder.Load(dataFolder, "train", Photos), FerAuFolder.Load(dataFolder, "val", Photos));
        try
        {
            var finished = new TrainingLoop(run, clock, progress) { Conclude = _ => checkpoint.Save(folder) }.Run(
                [() => new VisionPhase(checkpoint.Model, heads, new FaceCommittee(teachers), checkpoint.Processor, training, validation, options, new FaceAugmentation(), seed, Objective)], cancellationToken);
            return finished ? folder : null;
        }
        finally
        {
            foreach (var teacher in teachers) teacher.Dispose();
        }
    }
}
