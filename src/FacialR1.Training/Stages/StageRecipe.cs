using System.Text.Json.Nodes;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Grpo;
using FacialR1.Training.Reports;
using FacialR1.Training.Rewards;
using FacialR1.Training.Runs;
using FacialR1.Training.Synthesis;
using TorchSharp;

namespace FacialR1.Training.Stages;

/// <summary>One stage of one checkpoint's life: opens the parent, takes the steps in a run folder, measures on <c>val</c> and writes the child with its lineage.</summary>
/// <param name="dataFolder">In the fer-au layout.</param>
public sealed class StageRecipe(string dataFolder, TimeProvider clock, IProgress<TrainingUpdate>? progress = null)
{
    private const int MeasureResamples = 2000;
    private const string AgainAbout = "Supervised again on the seed set and on texts that the model wrote for given labels and that passed every check.";
    private static readonly FaceAugmentation Views = new() { EraseProbability = 0.1 };

    private IReadOnlyList<FaceSample>? training, validation;

    /// <summary>Asked with the configuration before anything is written; false ends it there.</summary>
    public Func<JsonObject, bool>? IsWanted { get; init; }

    /// <summary>Told of the run folder before the first step.</summary>
    public Action<RunFolder>? Opened { get; init; }

    /// <summary>The first so many photos of each split, in a rehearsal; null for all.</summary>
    public int? Photos { get; init; }

    private string Data => Path.GetFileName(Path.GetFullPath(dataFolder));

    /// <summary>Everybody's photos of the training split, in its order.</summary>
    public IReadOnlyList<FaceSample> Training => training ??= FerAuFolder.Load(dataFolder, "train", Photos);

    private IReadOnlyList<FaceSample> Validation => validation ??= FerAuFolder.Load(dataFolder, "val", Photos);

    /// <summary>Stage 0: learns to write reports, to keep the grammar and to read hints, from reports about other photos than the one shown.</summary>
    /// <param name="parent">A model whose tower can see.</param>
    /// <param name="seen">What the tower was trained on.</param>
    public string? Base(string parent, string runFolder, ReportPhaseOptions options, IReadOnlyList<Consumed> seen, int seed, CancellationToken cancellationToken)
    {
        var mix = new LabelHintMix();
        return Run(parent, runFolder, new StageName("mini-base", "base", 0, null,
            "The starting point of the three stages. Its vision tower was trained on labels of the whole training split (see below), so the eye is good from the start; what the later stages add is " +
            "the link from what is seen to what is said. Its decoder learnt the language of reports, the grammar and to read labels shown in the prompt, always beside a photo that the report is not about."), Describe("sft", "base", null, seed, Describe(options)),
            [.. seen, new Consumed("photos beside unrelated reports", "base", Training.Count)],
            (model, _) => new ReportPhase("base", model, ReportSources.Unlinked(Training, mix), Training, Validation, options, Views, seed), cancellationToken);
    }

    /// <summary>Stage 1: learns to tie reports to photos from few annotated samples, the first of the training split.</summary>
    public string? Supervised(string parent, string runFolder, int samples, ReportPhaseOptions options, int seed, CancellationToken cancellationToken)
    {
        return Run(parent, runFolder, new StageName("mini-sft", "sft", 0, NameOf(parent), $"Stage 1: instruction tuning on {samples} annotated photos only."),
            Describe("sft", "sft", NameOf(parent), seed, new JsonObject { ["samples"] = samples, ["options"] = Describe(options) }),
            [.. ConsumedBy(parent), new Consumed("photos with emotion label, AU labels and composed report text", "sft", samples)],
            (model, _) => new ReportPhase("sft", model, ReportSources.Linked, [.. Training.Take(samples)], Validation, options, Views, seed), cancellationToken);
    }

    /// <summary>Stage 2: reinforcement on photos with labels and no text. In a round of synthesis it is the round's second half, so what it makes descends from the checkpoint before the round.</summary>
    public string? Reinforce(string parent, string runFolder, string name, int round, GrpoOptions options, int seed, CancellationToken cancellationToken)
    {
        using var reference = TrainableCheckpoint.Open(parent);
        var labels = Math.Min(Training.Count, options.Steps * options.Prompts);
        var firstHalf = round > 0 && Lineage.Read(parent) is { Parent: not null } lineage && lineage.Round == round ? lineage : null;
        return Run(parent, runFolder, new StageName(name, round == 0 ? "grpo" : "synthesis", round, firstHalf?.Parent ?? NameOf(parent),
            $"{(firstHalf is null ? "Reinforcement" : $"{AgainAbout} Then reinforcement")} (GRPO): {options.Completions} sampled reports per photo, rewarded for format, emotion and AUs{(options.UnitCredit == 0 ? "" : ", each named unit also by itself")}, {options.Steps} steps of {options.Prompts} photos. Labels only, no text."),
            Describe("grpo", round == 0 ? "grpo" : "synthesis", NameOf(parent), seed, Describe(options)),
            [.. ConsumedBy(parent), new Consumed("photos with emotion and AU labels, no text", round == 0 ? "grpo" : $"grpo of round {round}", labels)],
            (model, run) => new GrpoPhase(model.Model, reference.Model, model.Tokenizer, model.Question, model.Tokens, model.Processor, Training, Validation,
                options, Views, new RolloutLog(Path.Combine(run.Path, "rollouts.jsonl"), "grpo"), seed), cancellationToken);
    }

    /// <summary>Before a round of synthesis: reminds a model how to read labels, which reinforcement lets it forget. The result only writes for labels; it is no stage and is not measured.</summary>
    /// <remarks>All prompts show labels, of another photo than the one shown, so that labels which the model would not have given are followed too. A large model reads them as plain language.</remarks>
    public string? Writer(string parent, string runFolder, int round, ReportPhaseOptions options, int seed, CancellationToken cancellationToken)
    {
        var mix = new LabelHintMix(Labels: 1);
        return Run(parent, runFolder, new StageName($"mini-writer-{round}", "synthesis", round, NameOf(parent),
            "The model that writes texts for given labels in synthesis: reminded how to read labels, beside photos that the reports are not about. Not a stage; do not ask it about faces."),
            Describe("writer", "synthesis", NameOf(parent), seed, Describe(options)), [.. ConsumedBy(parent), new Consumed("photos beside unrelated reports, labels shown", $"writer of round {round}", Training.Count)],
            (model, _) => new ReportPhase("writer", model, ReportSources.Unlinked(Training, mix), Training, Validation, options, Views, seed), cancellationToken, isMeasured: false);
    }

    /// <summary>Stage 3, after synthesis: supervised again, on the seed set and the accepted texts together.</summary>
    /// <param name="accepted">Text by sample id.</param>
    public string? SuperviseAgain(string parent, string runFolder, int samples, IReadOnlyDictionary<string, string> accepted, int round, ReportPhaseOptions options, int seed,
        CancellationToken cancellationToken)
    {
        FaceSample[] set = [.. Training.Take(samples), .. Training.Skip(samples).Where(sample => accepted.ContainsKey(sample.Id))];
        return Run(parent, runFolder, new StageName($"mini-synthesis-{round}-sft", "synthesis", round, NameOf(parent),
            AgainAbout),
            Describe("sft", "synthesis", NameOf(parent), seed, new JsonObject { ["samples"] = samples, ["accepted"] = accepted.Count, ["options"] = Describe(options) }),
            [.. ConsumedBy(parent), new Consumed("photos with labels and text the model wrote itself", $"synthesis round {round}", set.Length - Math.Min(samples, Training.Count))],
            (model, _) => new ReportPhase("sft", model, ReportSources.Written(accepted), set, Validation, options, Views, seed), cancellationToken);
    }

    /// <summary>The name that a checkpoint folder gives itself, or the folder's.</summary>
    public static string NameOf(string folder) => Lineage.Read(folder)?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static IReadOnlyList<Consumed> ConsumedBy(string parent) => Lineage.Read(parent)?.Consumed ?? [];

    private sealed record StageName(string Name, string Stage, int Round, string? Parent, string About);

    /// <returns>The folder of the finished checkpoint, or null when the run was stopped before its end.</returns>
    private string? Run(string parent, string runFolder, StageName name, JsonObject description, IReadOnlyList<Consumed> consumed,
        Func<TrainableCheckpoint, RunFolder, ITrainingPhase> phase, CancellationToken cancellationToken, bool isMeasured = true)
    {
        if (IsWanted?.Invoke(description) == false) return null;
        var run = RunFolder.CreateOrOpen(runFolder, description);
        Opened?.Invoke(run);
        var folder = Path.Combine(run.CheckpointFolder, "final");
        if (run.Status == "completed" && File.Exists(Path.Combine(folder, Lineage.FileName))) return folder;

        using var checkpoint = TrainableCheckpoint.Open(parent);
        void SaveAndMeasure(CancellationToken stopping)
        {
            checkpoint.Save(folder);
            var lineage = new Lineage(name.Name, name.Stage, name.Round, name.Parent, run.Id, consumed, isMeasured ? [LineageScore.Of(Data, "val", Measure(checkpoint, stopping))] : []);
            File.WriteAllText(Path.Combine(folder, "model-card.md"), ModelCard.Of(lineage, Photos is null ? name.About : $"A rehearsal on the first {Photos} photos: it shows that the stages run, not what they teach. {name.About}"));
            lineage.Write(folder);   // last: a folder with a lineage is whole
        }

        return new TrainingLoop(run, clock, progress) { Conclude = SaveAndMeasure }.Run([() => phase(checkpoint, run)], cancellationToken) ? folder : null;
    }

    private Analysis.Scoring.EvaluationReport Measure(TrainableCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        using var noGradient = torch.no_grad();
        checkpoint.Model.eval();
        var evaluator = FaceEvaluator.Of(checkpoint.Model, checkpoint.Tokenizer, checkpoint.Tokens, checkpoint.Processor, checkpoint.Question);
        return FaceEvaluator.Measure(evaluator.Answer(Validation, cancellationToken), resamples: MeasureResamples);
    }

    private JsonObject Describe(string kind, string stage, string? parent, int seed, JsonObject configuration)
    {
        var description = new JsonObject
        {
            ["kind"] = kind, ["stage"] = stage, ["parent"] = parent, ["data"] = Data, ["seed"] = seed,
            ["reports"] = ReportComposer.Version, ["hints"] = LabelHint.Version, ["configuration"] = configuration,
        };
        if (Photos is not null) description["limit"] = Photos;
        return description;
    }

    // A later setting is said only where it counts, here and below, so that runs begun without it can be gone on with.
    private static JsonObject Describe(ReportPhaseOptions options)
    {
        var settings = new JsonObject
        {
            ["steps"] = options.Steps, ["batch"] = options.BatchSize, ["learning_rate"] = options.Peak, ["tower_rate"] = options.TowerRate, ["weight_decay"] = options.Decay,
        };
        if (options.EmotionWeight != 1) settings["emotion_weight"] = options.EmotionWeight;
        return settings;
    }

    private static JsonObject Describe(GrpoOptions options)
    {
        var settings = new JsonObject
        {
            ["steps"] = options.Steps, ["prompts"] = options.Prompts, ["num_generations"] = options.Completions, ["num_iterations"] = options.Updates,
            ["learning_rate"] = options.Peak, ["tower_rate"] = options.TowerRate, ["temperature"] = options.Temperature, ["top_p"] = options.TopP,
            ["max_completion_length"] = options.MaxTokens, ["zero_variance_groups"] = options.FlatGroups.ToString().ToLowerInvariant(), ["scale_rewards"] = options.ScalesAdvantages,
            ["beta"] = options.Objective.KlWeight, ["epsilon"] = options.Objective.LowerClip, ["epsilon_high"] = options.Objective.UpperClip,
            ["loss_normalisation"] = options.Objective.Normalisation.ToString(),
            ["reward_weights"] = Describe(options.Rewards),
            ["au_reference_scale"] = options.Rewards.UsesReferenceScale,
        };
        if (options.UnitCredit != 0) (settings["unit_credit"], settings["unit_threshold"]) = (options.UnitCredit, options.UnitThreshold);
        if (options.LearnsUnitThresholds) settings["learns_unit_thresholds"] = true;
        if (options is { LearnsUnitThresholds: true, UnitBeta: not 1 }) settings["unit_beta"] = options.UnitBeta;
        if (options.CreditsAgainstSiblings) settings["credits_against_siblings"] = true;
        return settings;
    }

    private static JsonObject Describe(RewardOptions rewards)
    {
        var weights = new JsonObject
        {
            ["format"] = rewards.Format, ["accuracy"] = rewards.Accuracy, ["au"] = rewards.ActionUnits, ["length"] = rewards.Length, ["consistency"] = rewards.Consistency,
        };
        if (rewards.Alignment != 0) weights["alignment"] = rewards.Alignment;
        return weights;
    }
}
