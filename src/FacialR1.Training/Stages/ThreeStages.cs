using System.Text.Json.Nodes;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Synthesis;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;

namespace FacialR1.Training.Stages;

/// <summary>All stages of Facial-R1 Mini in order (paper, section 3): supervised on few samples, reinforcement, and rounds of synthesis. What is finished is not done again.</summary>
/// <param name="dataFolder">In the fer-au layout.</param>
/// <param name="runs">Beginning of the names of the run folders.</param>
public sealed class ThreeStages(string dataFolder, string runs, TimeProvider clock, IProgress<TrainingUpdate>? progress)
{
    /// <summary>With the face reader.</summary>
    public required string ModelsFolder { get; init; }

    public int Seed { get; init; } = 11;

    public StagePlan Plan { get; init; } = StagePlan.Usual;

    /// <summary>Told of each stage's run folder before its first step.</summary>
    public Action<RunFolder>? Opened { get; init; }

    /// <returns>The folder of the last checkpoint, or null when it was stopped before its end.</returns>
    public string? Run(CancellationToken cancellationToken)
    {
        var mini = new MiniRecipe(Plan.Supervised(dataFolder, Seed), clock);
        var supervised = Open("supervised", mini.Describe());
        if (mini.Run(supervised, progress, cancellationToken) is null) return null;

        var recipe = new StageRecipe(dataFolder, clock, progress) { Opened = Opened, Photos = Plan.Photos };
        if (Tower(Path.Combine(supervised.CheckpointFolder, MiniRecipe.TowerName), cancellationToken) is not { } tower) return null;
        if (recipe.Base(tower, Folder("base"), Plan.Base, StageSettings.Seen(recipe.Training.Count), Seed, cancellationToken) is not { } started) return null;
        if (recipe.Supervised(started, Folder("sft"), Plan.Samples, Plan.Few, Seed + 1, cancellationToken) is not { } few) return null;
        if (recipe.Reinforce(few, Folder("grpo"), "mini-grpo", 0, Plan.Reinforcement, Seed + 2, cancellationToken) is not { } best) return null;

        for (var round = 1; round <= Plan.Rounds; round++)
        {
            var before = Score(best);
            var seed = Seed + 10 * round;
            if (recipe.Writer(best, Folder($"synthesis-{round}-writer"), round, Plan.Writer, seed + 2, cancellationToken) is not { } writer) return null;
            if (Synthesise(recipe, writer, best, round, cancellationToken) is not { } accepted) return null;
            if (recipe.SuperviseAgain(best, Folder($"synthesis-{round}-sft"), Plan.Samples, accepted, round, Plan.Again, seed, cancellationToken) is not { } again) return null;
            if (recipe.Reinforce(again, Folder($"synthesis-{round}-grpo"), "mini-synthesis", round, Plan.ReinforcementAgain, seed + 1, cancellationToken) is not { } reinforced) return null;
            var after = Score(reinforced) >= Score(again) ? reinforced : again;   // chosen on val: reinforcement of a good model can cost more than it brings
            best = after;
            if (Score(after) - before < StageSettings.LeastGain) break;
        }

        return best;
    }

    /// <summary>The tower sees better after further passes under better teachers.</summary>
    private string? Tower(string parent, CancellationToken cancellationToken)
    {
        var recipe = new TowerRecipe(dataFolder, clock, progress) { Photos = Plan.Photos };
        if (StageSettings.HasCommittee)
        {
            if (Committee(cancellationToken) is not { } teachers) return null;
            recipe = new TowerRecipe(dataFolder, clock, progress) { Photos = Plan.Photos, Teachers = teachers, Objective = StageSettings.CommitteeObjective };
        }

        var run = Open("tower", recipe.Describe(parent, Plan.Tower, Seed));
        return recipe.Run(parent, ModelsFolder, run, Plan.Tower, Seed, cancellationToken);
    }

    /// <returns>The weights of its members, or null when it was stopped before its end.</returns>
    private List<string>? Committee(CancellationToken cancellationToken)
    {
        var recipe = new TeacherRecipe(dataFolder, clock, progress) { Photos = Plan.Photos };
        List<string> members = [];
        for (var member = 0; member < StageSettings.Teachers; member++)
        {
            var run = Open($"teacher-{member + 1}", recipe.Describe(Plan.Teacher, Seed + member));
            if (recipe.Run(run, Plan.Teacher, Seed + member, cancellationToken) is not { } weights) return null;
            members.Add(weights);
        }

        return members;
    }

    private RunFolder Open(string stage, JsonObject description)
    {
        var run = RunFolder.CreateOrOpen(Folder(stage), description);
        Opened?.Invoke(run);
        return run;
    }

    private string Folder(string stage) => $"{Path.TrimEndingDirectorySeparator(runs)}-{stage}";

    /// <summary>Lets a checkpoint write for labels; returns the accepted texts by sample.</summary>
    /// <param name="blind">The checkpoint that the writer was made from, to be asked without labels.</param>
    private IReadOnlyDictionary<string, string>? Synthesise(StageRecipe recipe, string checkpoint, string blind, int round, CancellationToken cancellationToken)
    {
        using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(checkpoint), null, cancellationToken);
        var options = new SynthesisOptions(Round: round, MaxAttempts: StageSettings.SynthesisAttempts, Seed: Seed);
        var checksum = CheckpointChecksum.Compute(checkpoint, cancellationToken);
        var data = new JsonObject { ["folder"] = Path.GetFileName(Path.GetFullPath(dataFolder)), ["from"] = Plan.Samples, ["samples"] = StageSettings.SynthesisSamples };
        var run = Open($"synthesis-{round}", options.Describe(checksum, StageRecipe.NameOf(checkpoint), loaded.Prompt.Id, data));
        if (run.Status != "completed")
        {
            FaceSample[] heldOut = [.. FerAuFolder.Load(dataFolder, "val"), .. FerAuFolder.Load(dataFolder, "test")];
            using var asked = LoadedCheckpoint.Load(new LocalModelOptions(blind), null, cancellationToken);
            var synthesis = new SynthesisRound(options, LocalHintedModel.Of(loaded, checkpoint, checksum), clock) { Blind = LocalHintedModel.Of(asked, blind, CheckpointChecksum.Compute(blind, cancellationToken)) };
            if (synthesis.Run(run, [.. recipe.Training.Skip(Plan.Samples).Take(StageSettings.SynthesisSamples)], heldOut, progress, cancellationToken) is null) return null;
        }

        return SynthesisedSet.Read(run.Path).TextBySample;
    }

    private static double Score(string checkpoint) =>
        Lineage.Read(checkpoint)!.Scores.First(score => score.Split == "val") is { EmotionAccuracy: { } accuracy, AuMacroF1: { } units } ? (accuracy.Value + units.Value) / 2 : 0;
}
