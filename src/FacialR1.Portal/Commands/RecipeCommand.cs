using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Training.Grpo;
using FacialR1.Training.Runs;
using FacialR1.Training.Stages;
using FacialR1.Training.Supervised;

namespace FacialR1.Portal.Commands;

/// <summary><c>train recipe mini</c>: all stages one after the other, as a run made of runs.</summary>
internal static class RecipeCommand
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Rounds of synthesis at most.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Batches of rollouts in the reinforcement stage; half as many in each round of synthesis." };

    public static Command Create()
    {
        var mini = new Command("mini",
            """
            Runs all stages of Facial-R1 Mini one after the other: supervised on all text (also the vision tower of the others), further passes of that tower, base, few annotated samples, reinforcement,
            and rounds of synthesis until a round gains less than half a point on val. About four hours on two cores; the same command goes on with what is finished.
            Each stage is a run of its own beside this one: <run>-supervised, <run>-tower, <run>-base, <run>-sft, <run>-grpo, <run>-synthesis-1 and so on.
            """)
        { TrainCommand.Data, TrainCommand.Run, TrainCommand.Seed, TrainCommand.Samples, Rounds, Steps, TrainCommand.Models, TrainedHere.Describe };
        mini.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return new Command("recipe", "Runs several stages one after the other.") { mini };
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken) => TrainCommand.Finish(arguments, progress =>
    {
        if (TrainedHere.Open(arguments, Describe(arguments), TrainCommand.FolderOf(arguments)) is not { } run) return null;
        string? best = null;
        new RunSequence(run, TimeProvider.System).Run((opened, stopping) => (best = new ThreeStages(arguments.GetRequiredValue(TrainCommand.Data).FullName, run.Path, TimeProvider.System, progress)
        {
            ModelsFolder = arguments.GetRequiredValue(TrainCommand.Models).FullName, Seed = arguments.GetValue(TrainCommand.Seed), Samples = arguments.GetValue(TrainCommand.Samples), Rounds = arguments.GetValue(Rounds),
            Reinforcement = Reinforcement(arguments), Opened = opened,
        }.Run(stopping)) is not null, ScoreOf, cancellationToken);
        return best;
    });

    private static JsonObject Describe(ParseResult arguments)
    {
        var data = arguments.GetRequiredValue(TrainCommand.Data).FullName;
        var supervised = new MiniRecipe(MiniRecipeOptions.For(data) with { Seed = arguments.GetValue(TrainCommand.Seed) }, TimeProvider.System).Describe();
        return new JsonObject
        {
            ["kind"] = "recipe", ["stage"] = "mini", ["data"] = Path.GetFileName(Path.GetFullPath(data)), ["seed"] = arguments.GetValue(TrainCommand.Seed),
            ["samples"] = arguments.GetValue(TrainCommand.Samples), ["rounds"] = arguments.GetValue(Rounds),
            ["stages"] = new JsonObject
            {
                ["supervised"] = supervised["phases"]?.DeepClone(), ["tower"] = JsonSerializer.SerializeToNode(StageSettings.TowerHere, Names),
                ["base"] = JsonSerializer.SerializeToNode(StageSettings.Base, Names), ["sft"] = JsonSerializer.SerializeToNode(StageSettings.Few, Names),
                ["grpo"] = JsonSerializer.SerializeToNode(Reinforcement(arguments), Names),
                ["writer"] = JsonSerializer.SerializeToNode(StageSettings.Writer, Names),
                ["synthesis"] = new JsonObject { ["samples"] = StageSettings.SynthesisSamples, ["attempts"] = StageSettings.SynthesisAttempts, ["least_gain"] = StageSettings.LeastGain },
                ["sft_again"] = JsonSerializer.SerializeToNode(StageSettings.Again, Names),
            },
        };
    }

    private static GrpoOptions Reinforcement(ParseResult arguments) => StageSettings.Reinforcement with { Steps = arguments.GetValue(Steps) ?? StageSettings.Reinforcement.Steps };

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
