using System.CommandLine;
using System.Globalization;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>train sft</c>: the supervised recipe of Facial-R1 Mini.</summary>
internal static class TrainCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Folder in the fer-au layout: train.zip, train.jsonl, train-landmarks.npy and the same for val.", Required = true,
    };

    private static readonly Option<string?> Run = new("--run")
    {
        Description = "Run folder, made when absent. An unfinished run in it goes on where it stopped. Default: data/runs/<date and time>.",
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same run.", DefaultValueFactory = _ => 11 };
    private static readonly Option<int?> TeacherEpochs = new("--teacher-epochs") { Description = "Passes of the convolutional teacher over the photos." };
    private static readonly Option<int?> VisionEpochs = new("--vision-epochs") { Description = "Passes of the vision tower." };
    private static readonly Option<int?> TextEpochs = new("--text-epochs") { Description = "Passes of the whole model over photos and composed reports." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Use this many samples of each split only, to try the command out." };

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
        return new Command("train", "Trains models.") { supervised };
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
        var folder = arguments.GetValue(Run) ?? Path.Combine("data", "runs", DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        try
        {
            var recipe = new MiniRecipe(options, TimeProvider.System);
            if (TrainedHere.IsQuestion(arguments, recipe.Describe())) return PortalCommandLine.Success;
            var run = RunFolder.CreateOrOpen(folder, recipe.Describe());
            TrainedHere.Remember(run, arguments);
            Terminal.Note($"Run folder: {run.Path}");
            var finished = WithProgress(progress => recipe.Run(run, progress, cancellationToken));
            if (finished is null)
            {
                Terminal.Note($"Stopped and saved. To go on: train sft --data {options.DataFolder} --run {folder} and the same settings.");
                return PortalCommandLine.Partial;
            }

            Terminal.Result.WriteLine(finished);
            return PortalCommandLine.Success;
        }
        catch (Exception error) when (error is DataFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
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
