using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Training.Runs;
using FacialR1.Training.Stages;
using FacialR1.Training.Supervised;

namespace FacialR1.Portal.Commands;

/// <summary><c>train recipe mini</c>: all stages one after the other, as a run made of runs.</summary>
internal static class RecipeCommand
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Rounds of synthesis at most.", DefaultValueFactory = _ => StagePlan.Usual.Rounds };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Batches of rollouts in the reinforcement stage; three quarters as many in each round of synthesis." };

    private static readonly Option<bool> Rehearse = new("--rehearse")
    {
        Description = $"Take a few steps of every stage on the first {StagePlan.Rehearsal.Photos} photos: shows in a few minutes whether everything runs here. What comes of it is no model to use.",
    };

    public static Command Create()
    {
        var mini = new Command("mini",
            """
            Runs all stages of Facial-R1 Mini one after the other: supervised on all text (also the vision tower of the others), further passes of that tower, base, few annotated samples, reinforcement,
            and rounds of synthesis until a round gains less than half a point on val. Five to six hours on two cores, and --rehearse shows in minutes whether all of it runs; the same command goes on with what is finished.
            Each stage is a run of its own beside this one: <run>-supervised, <run>-tower, <run>-base, <run>-sft, <run>-grpo, <run>-synthesis-1 and so on.
            """)
        { TrainCommand.Data, TrainCommand.Run, TrainCommand.Seed, TrainCommand.Samples, Rounds, Steps, Rehearse, TrainCommand.Models, TrainedHere.Describe };
        mini.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return new Command("recipe", "Runs several stages one after the other.") { mini };
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken) => TrainCommand.Finish(arguments, progress =>
    {
        if (TrainedHere.Open(arguments, Describe(arguments), TrainCommand.FolderOf(arguments)) is not { } run) return null;
        string? best = null;
        new RunSequence(run, TimeProvider.System).Run((opened, stopping) => (best = new ThreeStages(arguments.GetRequiredValue(TrainCommand.Data).FullName, run.Path, TimeProvider.System, progress)
        {
            ModelsFolder = arguments.GetRequiredValue(TrainCommand.Models).FullName, Seed = arguments.GetValue(TrainCommand.Seed), Plan = PlanOf(arguments), Opened = opened,
        }.Run(stopping)) is not null, ScoreOf, cancellationToken);
        return best;
    });

    private static JsonObject Describe(ParseResult arguments)
    {
        var (data, seed, plan) = (arguments.GetRequiredValue(TrainCommand.Data).FullName, arguments.GetValue(TrainCommand.Seed), PlanOf(arguments));
        var supervised = new MiniRecipe(plan.Supervised(data, seed), TimeProvider.System).Describe();
        var description = new JsonObject
        {
            ["kind"] = "recipe", ["stage"] = "mini", ["data"] = Path.GetFileName(Path.GetFullPath(data)), ["seed"] = seed, ["samples"] = plan.Samples, ["rounds"] = plan.Rounds,
            ["stages"] = new JsonObject
            {
                ["supervised"] = supervised["phases"]?.DeepClone(), ["tower"] = JsonSerializer.SerializeToNode(plan.Tower, Names),
                ["base"] = JsonSerializer.SerializeToNode(plan.Base, Names), ["sft"] = JsonSerializer.SerializeToNode(plan.Few, Names),
                ["grpo"] = JsonSerializer.SerializeToNode(plan.Reinforcement, Names),
                ["writer"] = JsonSerializer.SerializeToNode(plan.Writer, Names),
                ["synthesis"] = new JsonObject { ["samples"] = StageSettings.SynthesisSamples, ["attempts"] = StageSettings.SynthesisAttempts, ["least_gain"] = StageSettings.LeastGain },
                ["sft_again"] = JsonSerializer.SerializeToNode(plan.Again, Names),
            },
        };
        if (plan.Photos is not null) description["limit"] = plan.Photos;
        return description;
    }

    /// <summary>What is asked for explicitly may shorten a rehearsal, not lengthen it.</summary>
    private static StagePlan PlanOf(ParseResult arguments)
    {
        var plan = arguments.GetValue(Rehearse) ? StagePlan.Rehearsal : StagePlan.Usual;
        var (samples, rounds, steps) = (arguments.GetValue(TrainCommand.Samples), arguments.GetValue(Rounds), arguments.GetValue(Steps) ?? plan.Reinforcement.Steps);
        return arguments.GetValue(Rehearse)
            ? plan with { Samples = Math.Min(samples, plan.Samples), Rounds = Math.Min(rounds, plan.Rounds), Reinforcement = plan.Reinforcement with { Steps = Math.Min(steps, plan.Reinforcement.Steps) } }
            : plan with { Samples = samples, Rounds = rounds, Reinforcement = plan.Reinforcement with { Steps = steps } };
    }

    /// <summary>What the checkpoint of a finished stage scored on <c>val</c>, under the names that the charts know.</summary>
    private static Dictionary<string, double> ScoreOf(RunFolder stage)
    {
        var values = new Dictionary<string, double>();
        if (Lineage.Read(Path.Combine(stage.CheckpointFolder, "final"))?.Scores.FirstOrDefault(score => score.Split == "val") is not { } score) return values;
        values["val_n"] = score.N;
        foreach (var (name, estimate) in new[]
        {
            ("val_emotion_accuracy", score.EmotionAccuracy), ("val_au_macro_f1", score.AuMacroF1), ("val_hallucination", score.Hallucination), ("val_coverage", score.Coverage),
            ("val_format_rate", score.FormatRate),
        })
            if (estimate is not null) values[name] = estimate.Value;
        return values;
    }
}
