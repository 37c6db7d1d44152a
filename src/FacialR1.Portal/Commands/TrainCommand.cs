using System.CommandLine;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Training.Data;
using FacialR1.Training.Grpo;
using FacialR1.Training.Runs;
using FacialR1.Training.Stages;
using FacialR1.Training.Supervised;
using FacialR1.Training.Synthesis;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>train</c>: the stages of Facial-R1 Mini, each a command.</summary>
internal static class TrainCommand
{
    internal static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Folder in the fer-au layout: train.zip, train.jsonl, train-landmarks.npy and the same for val.", Required = true,
    };

    internal static readonly Option<string?> Run = new("--run")
    {
        Description = "Run folder, made when absent. An unfinished run in it goes on where it stopped. Default: data/runs/<date and time>.",
    };

    internal static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same run.", DefaultValueFactory = _ => 11 };
    private static readonly Option<int?> TeacherEpochs = new("--teacher-epochs") { Description = "Passes of the convolutional teacher over the photos." };
    private static readonly Option<int?> VisionEpochs = new("--vision-epochs") { Description = "Passes of the vision tower." };
    private static readonly Option<int?> TextEpochs = new("--text-epochs") { Description = "Passes of the whole model over photos and composed reports." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Use this many samples of each split only, to try the command out." };

    private static readonly Option<DirectoryInfo> Parent = new("--checkpoint") { Description = "Folder of the checkpoint to start from.", Required = true };
    internal static readonly Option<int> Samples = new("--samples") { Description = "Annotated photos, the first of the training split.", DefaultValueFactory = _ => 600 };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Optimiser steps (for grpo: batches of rollouts)." };
    private static readonly Option<double?> EmotionWeight = new("--emotion-weight") { Description = "What the words that name the emotion weigh in the loss; all others weigh 1." };
    private static readonly Option<int?> Prompts = new("--prompts") { Description = "Photos per step." };
    private static readonly Option<int?> Completions = new("--completions") { Description = "G: reports sampled per photo, at least 2." };
    private static readonly Option<int?> Updates = new("--updates") { Description = "Optimiser steps per batch of rollouts." };
    private static readonly Option<double?> Rate = new("--learning-rate") { Description = "Highest learning rate of the decoder." };
    private static readonly Option<double?> Temperature = new("--temperature") { Description = "At which reports are sampled; below 1 they stay closer to the greedy report." };
    private static readonly Option<double?> Beta = new("--beta") { Description = "Weight of the KL to the starting checkpoint." };
    private static readonly Option<LossNormalisation?> Normalisation = new("--loss-normalisation") { Description = "SequenceMean (GRPO), TokenMean (DAPO) or Constant (Dr. GRPO: completions gain nothing by their length)." };
    private static readonly Option<double?> TowerRate = new("--tower-rate") { Description = "Share of the learning rate that the vision tower gets; 0 freezes it, which is faster." };
    private static readonly Option<double> FormatWeight = new("--reward-format") { Description = "Weight of the format reward.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> AccuracyWeight = new("--reward-accuracy") { Description = "Weight of the emotion reward.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> UnitWeight = new("--reward-au") { Description = "Weight of the AU reward.", DefaultValueFactory = _ => StageSettings.Reinforcement.Rewards.ActionUnits };
    private static readonly Option<double> LengthWeight = new("--reward-length") { Description = "Weight of the length reward; off unless given." };
    private static readonly Option<double> ConsistencyWeight = new("--reward-consistency") { Description = "Weight of the reward for reasoning that does not contradict itself or its answer; off unless given." };
    private static readonly Option<double> AlignmentWeight = new("--reward-alignment") { Description = "Weight of the reward for units that speak for the answered emotion; off unless given." };
    private static readonly Option<double?> UnitCreditWeight = new("--unit-credit")
    {
        Description = "Weight of judging each named action unit by itself: the tokens that name it gain or lose by whether it is labelled (process supervision). 0 judges reports as a whole only, as the paper does.",
    };

    private static readonly Option<double?> UnitThreshold = new("--unit-threshold") { Description = "With --unit-credit: the probability of being right from which on naming a common unit pays, from 0.2 to 1; rarer ones pay earlier. Lower names more." };
    private static readonly Option<bool?> LearntThresholds = new("--learn-unit-thresholds") { Description = "With --unit-credit: let the threshold of each unit follow half of the F1 that the model reaches on it, from which on naming it pays." };
    private static readonly Option<double?> UnitBeta = new("--unit-beta") { Description = "With --learn-unit-thresholds: β of the F_β that they aim at. Below 1 a wrong unit is worse than a missing one, and fewer are named." };
    private static readonly Option<bool?> AgainstSiblings = new("--credit-against-siblings") { Description = "With --unit-credit: judge each unit against what the other reports on the same photo earned by it, and passing over a unit as well as naming it." };
    private static readonly Option<bool> ReferenceScale = new("--au-reference-scale") { Description = "AU reward of the released script: 2·F1 − 1 instead of F1." };
    private static readonly Option<string> Name = new("--name") { Description = "Name of the new checkpoint.", DefaultValueFactory = _ => "mini-grpo" };

    private static readonly Option<DirectoryInfo?> Accepted = new("--accepted") { Description = "Folder of a synthesis run: learn the texts accepted there as well, and start from the checkpoint that wrote them or a later one." };
    private static readonly Option<int> Round = new("--round") { Description = "Round of synthesis that this belongs to; 0 for none." };
    private static readonly Option<int?> Passes = new("--passes") { Description = "Passes over the photos." };
    private static readonly Option<int?> BatchSize = new("--batch") { Description = "Photos per step. Larger ones suit graphics processors." };
    private static readonly Option<int?> ValidateEvery = new("--validate-every") { Description = "Validate and save every so many passes." };
    private static readonly Option<bool> Blends = new("--blend-faces") { Description = "Every second step shows blends of two faces, on which only the teachers' opinion counts. For long runs." };
    private static readonly Option<string?> Teachers = new("--teachers") { Description = "Weights of the networks that teach, with commas between them: checkpoints/teacher.safetensors of \"train teacher\" runs. Default: the face reader's network." };
    private static readonly Option<double?> TeacherShare = new("--teacher-share") { Description = "How much the teachers count beside the emotion labels, from 0 to 1." };
    private static readonly Option<double?> TeacherUnitShare = new("--teacher-unit-share") { Description = "How much the teachers count beside the AU labels, from 0 to 1." };

    internal static readonly Option<DirectoryInfo> Models = new("--models")
    {
        Description = "Folder with the face reader.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("data", "models")),
    };

    public static Command Create()
    {
        var supervised = new Command("sft",
            """
            Trains Facial-R1 Mini from nothing on labelled face photos: a convolutional teacher, then the vision tower, then the whole model on
            reports composed from the labels. About two hours on two cores. Ctrl-C and even a kill lose at most three minutes:
            the same command goes on with the run. The finished model lies in <run>/checkpoints/final.
            """)
        { Data, Run, Seed, TeacherEpochs, VisionEpochs, TextEpochs, Limit, TrainedHere.Describe };
        supervised.SetAction((arguments, cancellationToken) => Task.Run(() => Supervised(arguments, cancellationToken), CancellationToken.None));

        var first = new Command("base",
            "Stage 0: from a model that sees (the folder checkpoints/tower of a \"train sft\" run) to one that also writes reports, not yet tied to the photo.")
        { Data, Parent, Run, Seed, Steps, Rate, EmotionWeight, TrainedHere.Describe };
        first.SetAction((arguments, cancellationToken) => Task.Run(() => Stage(arguments, (recipe, folder) => recipe.Base(
            arguments.GetRequiredValue(Parent).FullName, folder, ReportSteps(arguments, StageSettings.Base), StageSettings.Seen(recipe.Training.Count), arguments.GetValue(Seed), cancellationToken)),
            CancellationToken.None));

        var few = new Command("few",
            "Stage 1: instruction tuning on a few annotated photos (--samples), from a base checkpoint. With --accepted, the supervised part of stage 3: on the texts of a synthesis run as well.")
        { Data, Parent, Run, Seed, Samples, Accepted, Steps, Rate, TowerRate, EmotionWeight, TrainedHere.Describe };
        few.SetAction((arguments, cancellationToken) => Task.Run(() => Stage(arguments, (recipe, folder) => Few(arguments, recipe, folder, cancellationToken)), CancellationToken.None));

        var writer = new Command("writer",
            "Before synthesis: reminds a checkpoint how to read the labels it is shown there, which reinforcement lets it forget. What comes of it only writes for labels.")
        { Data, Parent, Run, Seed, Round, Steps, Rate, EmotionWeight, TrainedHere.Describe };
        writer.SetAction((arguments, cancellationToken) => Task.Run(() => Stage(arguments, (recipe, folder) => recipe.Writer(
            arguments.GetRequiredValue(Parent).FullName, folder, arguments.GetValue(Round), ReportSteps(arguments, StageSettings.Writer), arguments.GetValue(Seed), cancellationToken)),
            CancellationToken.None));

        var tower = new Command("tower",
            "Before stage 0: teaches the vision tower of a checkpoint further by labels, with the face reader's network or others as its teachers. --passes may be changed when the run goes on.")
        { Data, Parent, Run, Seed, Passes, BatchSize, Rate, ValidateEvery, Models, Teachers, TeacherShare, TeacherUnitShare, Blends, TrainedHere.Describe };
        tower.SetAction((arguments, cancellationToken) => Task.Run(() => Tower(arguments, cancellationToken), CancellationToken.None));

        var teacher = new Command("teacher",
            "A convolutional network trained on labels alone, to teach vision towers with \"train tower --teachers\". Several with different seeds teach better than one.")
        { Data, Run, Seed, Passes, BatchSize, Rate, ValidateEvery, TrainedHere.Describe };
        teacher.SetAction((arguments, cancellationToken) => Task.Run(() => Teacher(arguments, cancellationToken), CancellationToken.None));

        var grpo = new Command("grpo",
            "Stage 2: reinforcement (GRPO) on photos with labels and no text: reports are sampled, rewarded for format, emotion and AUs, and the better ones of each photo made likelier.")
        {
            Data, Parent, Run, Seed, Name, Round, Steps, Prompts, Completions, Updates, Rate, TowerRate, Temperature, Beta, Normalisation, FormatWeight, AccuracyWeight, UnitWeight, LengthWeight, ConsistencyWeight, AlignmentWeight, UnitCreditWeight, UnitThreshold, LearntThresholds, UnitBeta, AgainstSiblings, ReferenceScale,
            TrainedHere.Describe,
        };
        grpo.SetAction((arguments, cancellationToken) => Task.Run(() => Stage(arguments, (recipe, folder) => recipe.Reinforce(
            arguments.GetRequiredValue(Parent).FullName, folder, arguments.GetValue(Name)!, arguments.GetValue(Round), Reinforcement(arguments), arguments.GetValue(Seed), cancellationToken)),
            CancellationToken.None));

        return new Command("train", "Trains models.") { supervised, teacher, tower, first, few, grpo, writer, SynthesisCommand.Create(), RecipeCommand.Create(), FaceReaderCommand.Create() };
    }

    private static int Supervised(ParseResult arguments, CancellationToken cancellationToken)
    {
        var usual = MiniRecipeOptions.For(arguments.GetRequiredValue(Data).FullName);
        var options = usual with
        {
            Seed = arguments.GetValue(Seed),
            Limit = arguments.GetValue(Limit),
            Teacher = usual.Teacher with { Epochs = arguments.GetValue(TeacherEpochs) ?? usual.Teacher.Epochs },
            Vision = usual.Vision with { Epochs = arguments.GetValue(VisionEpochs) ?? usual.Vision.Epochs },
            Text = usual.Text with { Epochs = arguments.GetValue(TextEpochs) ?? usual.Text.Epochs },
        };
        return Finish(arguments, progress =>
        {
            var recipe = new MiniRecipe(options, TimeProvider.System);
            return TrainedHere.Open(arguments, recipe.Describe(), FolderOf(arguments)) is { } run ? recipe.Run(run, progress, cancellationToken) : null;
        });
    }

    private static int Tower(ParseResult arguments, CancellationToken cancellationToken) => Finish(arguments, progress =>
    {
        var options = Phase(arguments, TowerRecipe.Usual) with { BlendsFaces = arguments.GetValue(Blends) };
        var shares = new DistillationLoss();
        var recipe = new TowerRecipe(arguments.GetRequiredValue(Data).FullName, TimeProvider.System, progress)
        {
            Teachers = (arguments.GetValue(Teachers) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Objective = shares with { TeacherShare = arguments.GetValue(TeacherShare) ?? shares.TeacherShare, TeacherUnitShare = arguments.GetValue(TeacherUnitShare) ?? shares.TeacherUnitShare },
        };
        var (parent, seed) = (arguments.GetRequiredValue(Parent).FullName, arguments.GetValue(Seed));
        if (TrainedHere.Open(arguments, recipe.Describe(parent, options, seed), FolderOf(arguments)) is not { } run) return null;
        return recipe.Run(parent, arguments.GetRequiredValue(Models).FullName, run, options, seed, cancellationToken);
    });

    private static int Teacher(ParseResult arguments, CancellationToken cancellationToken) => Finish(arguments, progress =>
    {
        var (options, seed) = (Phase(arguments, TeacherRecipe.Usual), arguments.GetValue(Seed));
        var recipe = new TeacherRecipe(arguments.GetRequiredValue(Data).FullName, TimeProvider.System, progress);
        if (TrainedHere.Open(arguments, recipe.Describe(options, seed), FolderOf(arguments)) is not { } run) return null;
        return recipe.Run(run, options, seed, cancellationToken);
    });

    private static PhaseOptions Phase(ParseResult arguments, PhaseOptions usual) => usual with
    {
        Epochs = arguments.GetValue(Passes) ?? usual.Epochs, BatchSize = arguments.GetValue(BatchSize) ?? usual.BatchSize, Peak = arguments.GetValue(Rate) ?? usual.Peak,
        ValidateEvery = arguments.GetValue(ValidateEvery) ?? usual.ValidateEvery,
    };

    private static string? Few(ParseResult arguments, StageRecipe recipe, string folder, CancellationToken cancellationToken)
    {
        var (parent, samples, seed) = (arguments.GetRequiredValue(Parent).FullName, arguments.GetValue(Samples), arguments.GetValue(Seed));
        if (arguments.GetValue(Accepted) is not { } synthesis) return recipe.Supervised(parent, folder, samples, ReportSteps(arguments, StageSettings.Few), seed, cancellationToken);
        var set = SynthesisedSet.Read(synthesis.FullName);
        if (set.Samples.Count == 0) throw new InvalidOperationException($"No text was accepted in {synthesis.FullName}; there is nothing to learn. Give a finished synthesis run.");
        var round = set.Samples.Max(sample => sample.Round);
        return recipe.SuperviseAgain(parent, folder, samples, set.TextBySample, round, ReportSteps(arguments, StageSettings.Again), seed, cancellationToken);
    }

    private static ReportPhaseOptions ReportSteps(ParseResult arguments, ReportPhaseOptions usual) => usual with
    {
        Steps = arguments.GetValue(Steps) ?? usual.Steps, Peak = arguments.GetValue(Rate) ?? usual.Peak, TowerRate = arguments.GetValue(TowerRate) ?? usual.TowerRate,
        EmotionWeight = arguments.GetValue(EmotionWeight) ?? usual.EmotionWeight,
    };

    private static GrpoOptions Reinforcement(ParseResult arguments)
    {
        var usual = StageSettings.Reinforcement;
        return usual with
        {
            Steps = arguments.GetValue(Steps) ?? usual.Steps, Prompts = arguments.GetValue(Prompts) ?? usual.Prompts,
            Completions = arguments.GetValue(Completions) ?? usual.Completions, Updates = arguments.GetValue(Updates) ?? usual.Updates,
            Peak = arguments.GetValue(Rate) ?? usual.Peak, TowerRate = arguments.GetValue(TowerRate) ?? usual.TowerRate,
            Temperature = arguments.GetValue(Temperature) ?? usual.Temperature,
            UnitCredit = arguments.GetValue(UnitCreditWeight) ?? usual.UnitCredit, UnitThreshold = arguments.GetValue(UnitThreshold) ?? usual.UnitThreshold,
            LearnsUnitThresholds = arguments.GetValue(LearntThresholds) ?? usual.LearnsUnitThresholds,
            UnitBeta = arguments.GetValue(UnitBeta) ?? usual.UnitBeta,
            CreditsAgainstSiblings = arguments.GetValue(AgainstSiblings) ?? usual.CreditsAgainstSiblings,
            Objective = usual.Objective with { KlWeight = arguments.GetValue(Beta) ?? usual.Objective.KlWeight, Normalisation = arguments.GetValue(Normalisation) ?? usual.Objective.Normalisation },
            Rewards = usual.Rewards with
            {
                Format = arguments.GetValue(FormatWeight), Accuracy = arguments.GetValue(AccuracyWeight), ActionUnits = arguments.GetValue(UnitWeight), Length = arguments.GetValue(LengthWeight),
                Consistency = arguments.GetValue(ConsistencyWeight), Alignment = arguments.GetValue(AlignmentWeight), UsesReferenceScale = arguments.GetValue(ReferenceScale),
            },
        };
    }

    internal static string FolderOf(ParseResult arguments) =>
        arguments.GetValue(Run) ?? Path.Combine("data", "runs", DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));

    private static int Stage(ParseResult arguments, Func<StageRecipe, string, string?> train)
    {
        var data = arguments.GetRequiredValue(Data).FullName;
        var folder = FolderOf(arguments);
        Terminal.Note($"Run folder: {Path.GetFullPath(folder)}");
        return Finish(arguments, progress => train(new StageRecipe(data, TimeProvider.System, progress)
        {
            IsWanted = configuration => !TrainedHere.IsQuestion(arguments, configuration), Opened = run => TrainedHere.Remember(run, arguments),
        }, folder));
    }

    internal static int Finish(ParseResult arguments, Func<IProgress<TrainingUpdate>, string?> train)
    {
        try
        {
            var finished = WithProgress(train);
            if (arguments.GetResult(TrainedHere.Describe) is { Implicit: false }) return PortalCommandLine.Success;
            if (finished is null)
            {
                Terminal.Note("Stopped and saved. To go on, give the same command again with the same --run folder and settings.");
                return PortalCommandLine.Partial;
            }

            Terminal.Result.WriteLine(finished);
            return PortalCommandLine.Success;
        }
        catch (Exception error) when (error is DataFormatException or InvalidOperationException or IOException or UnauthorizedAccessException or ModelUnavailableException
            or ArgumentOutOfRangeException or InvalidDataException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static string? WithProgress(Func<IProgress<TrainingUpdate>, string?> work)
    {
        string? result = null;
        Terminal.Aside.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => result = work(new ProgressBars(context)));
        return result;
    }

    /// <summary>One bar per phase; below a bar what was measured on the validation split.</summary>
    private sealed class ProgressBars(ProgressContext context) : IProgress<TrainingUpdate>
    {
        private readonly Dictionary<string, ProgressTask> bars = [];

        public void Report(TrainingUpdate update)
        {
            if (!bars.TryGetValue(update.Phase, out var bar)) bars[update.Phase] = bar = context.AddTask(update.Phase, maxValue: update.Steps);
            if (update.Values.TryGetValue("loss", out var loss))
            {
                var tokens = update.Values.TryGetValue("tokens", out var perStep) ? string.Create(CultureInfo.InvariantCulture, $", {perStep * update.SamplesPerSecond / update.BatchSize:F0} tokens/s") : "";
                bar.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{update.Phase}: loss {loss:F3}, {update.SamplesPerSecond:F0} samples/s{tokens}"));
            }
            else
            {
                Terminal.Note(string.Create(CultureInfo.InvariantCulture,
                    $"{update.Phase} after {update.Step} steps: {string.Join(", ", update.Values.Where(value => !value.Key.StartsWith("val_f1_", StringComparison.Ordinal)).Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.####}")))}"));
            }

            bar.Value = update.Step;
        }

        private static double SamplesPerStep(TrainingUpdate update) => update.BatchSize;
    }
}
