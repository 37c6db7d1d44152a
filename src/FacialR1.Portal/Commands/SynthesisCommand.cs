using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Inference;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;
using FacialR1.Training.Synthesis;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>train synthesis</c>: stage 3, a model writes training texts for samples that have labels only.</summary>
internal static class SynthesisCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Folder in the fer-au layout. Samples come from train; photos of val and test are only compared with them, so that none is learnt from.", Required = true,
    };

    private static readonly Option<string?> Checkpoint = new("--checkpoint")
    {
        Description = "Who writes: a name from \"checkpoints list\", or the path of a checkpoint folder. It must have been taught to read hints. Default: the embedded Mini.",
    };

    private static readonly Option<string?> BlindCheckpoint = new("--blind-checkpoint")
    {
        Description = "Who is asked again without labels. Default: who writes; for a writer of \"train writer\" give the checkpoint that it was made from, because the writer no longer looks at the photo.",
    };

    private static readonly Option<int> Skip = new("--skip") { Description = "Leave out the first N samples, e.g. those that already have a text." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Write for at most N samples." };
    private static readonly Option<int> Round = new("--round") { Description = "Number of the round, from 1; another round draws other answers.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Attempts = new("--attempts") { Description = "Attempts per sample: one greedy, the others sampled at temperatures from 0.7 to 1.0.", DefaultValueFactory = _ => 6 };

    private static readonly Option<int> Answers = new("--answers")
    {
        Description = "Answers per attempt. With three or more, an answer is taken only if it names the action units that most of them name.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Blind = new("--blind") { Description = "Ask again about N accepted samples without showing labels; 0 for none.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<bool> WithoutUnits = new("--without-au-labels") { Description = "Show and check the emotion only, as for sets without action units; the units must then fit the emotion." };
    private static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same texts.", DefaultValueFactory = _ => 11 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the funnel as one JSON object, as the last line." };

    public static Command Create()
    {
        var command = new Command("synthesis",
            """
            Stage 3: writes training texts for samples that have labels but no reasoning. The model sees photo and labels and writes; an answer is accepted when its
            format holds, its action units and emotion equal the labels, and it neither denies a unit nor speaks of labels. A rejected sample is tried again, with
            what was wrong in the prompt. Photos and wordings that repeat are left out.

            <run>/synthesis.jsonl holds every attempt with the reason of its rejection, <run>/funnel.json the yield per emotion and action unit, <run>/blind.jsonl what the
            same model answers without seeing the labels. Reviews made in the portal lie beside them and count before anything is learnt. Ctrl-C and even a kill lose
            at most one wave of 256 answers: the same command goes on with the run.
            """)
        { Checkpoint, Data, TrainCommand.Run, Skip, Limit, Round, Attempts, Answers, Blind, BlindCheckpoint, WithoutUnits, Seed, Json, TrainedHere.Describe };
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Synthesise(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Synthesise(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var services = CommandServices.Create();
        var catalog = services.Get<CheckpointCatalog>();
        var name = arguments.GetValue(Checkpoint) ?? catalog.Usable().DefaultChoice()?.Name;
        var blindName = arguments.GetValue(BlindCheckpoint) ?? name;
        if (FolderOf(catalog, name) is not { } folder || FolderOf(catalog, blindName) is not { } blindFolder) return PortalCommandLine.Failure;

        try
        {
            var data = arguments.GetRequiredValue(Data).FullName;
            var (skip, limit) = (arguments.GetValue(Skip), arguments.GetValue(Limit));
            if (skip < 0 || limit < 1)
            {
                Terminal.Problem("--skip takes a number from 0, --limit one from 1.");
                return PortalCommandLine.Failure;
            }

            var samples = FerAuFolder.Load(data, "train", limit is { } most ? skip + most : null).Skip(skip).ToArray();
            if (samples.Length == 0)
            {
                Terminal.Problem($"The train split of {data} has no sample behind the first {skip}.");
                return PortalCommandLine.Failure;
            }

            if (arguments.GetValue(WithoutUnits)) samples = [.. samples.Select(sample => sample with { ActionUnits = null, Intensities = null })];
            FaceSample[] heldOut = [.. from split in new[] { "val", "test" } where File.Exists(Path.Combine(data, $"{split}.jsonl")) from sample in FerAuFolder.Load(data, split) select sample];

            var options = new SynthesisOptions(
                Round: arguments.GetValue(Round), MaxAttempts: arguments.GetValue(Attempts), Answers: arguments.GetValue(Answers), BlindChecks: arguments.GetValue(Blind),
                Seed: arguments.GetValue(Seed));
            var checksum = CheckpointChecksum.Compute(folder, cancellationToken);
            using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(folder), progress: null, cancellationToken);
            var described = options.Describe(checksum, Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), loaded.Prompt.Id, new JsonObject
            {
                ["name"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(data)), ["split"] = "train", ["skip"] = skip, ["limit"] = limit, ["au_labels"] = !arguments.GetValue(WithoutUnits),
            });
            var blindChecksum = blindFolder == folder ? null : CheckpointChecksum.Compute(blindFolder, cancellationToken);
            if (blindChecksum is not null) described["blind_checkpoint"] = blindChecksum;
            if (TrainedHere.Open(arguments, described, TrainCommand.FolderOf(arguments)) is not { } run) return PortalCommandLine.Success;
            using var blind = blindChecksum is null ? null : LoadedCheckpoint.Load(new LocalModelOptions(blindFolder), progress: null, cancellationToken);
            var round = new SynthesisRound(options, LocalHintedModel.Of(loaded, folder, checksum), TimeProvider.System)
            {
                Blind = blind is null ? null : LocalHintedModel.Of(blind, blindFolder, blindChecksum!),
            };
            var funnel = WithProgress(progress => round.Run(run, samples, heldOut, progress, cancellationToken));
            if (funnel is null)
            {
                Terminal.Note($"Stopped and saved. To go on: the same command with --run {run.Path}.");
                return PortalCommandLine.Partial;
            }

            if (arguments.GetValue(Json)) Terminal.Result.WriteLine(funnel.ToJson().ToJsonString());
            else Print(funnel);
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped before the first answer.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ModelUnavailableException or InvalidOperationException or ArgumentException or CheckpointException or IOException
            or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    /// <returns>Null when there is no such folder here; then the terminal says so.</returns>
    private static string? FolderOf(CheckpointCatalog catalog, string? name)
    {
        if ((name is null ? null : catalog.Find(name)?.Folder ?? (Directory.Exists(name) ? name : null)) is { } folder) return folder;
        Terminal.Problem(name is not null && catalog.Find(name)?.Remote is not null
            ? $"{name} is behind a server; training texts are written by a checkpoint on this machine."
            : $"There is no checkpoint \"{name}\" in {catalog.Folder} and no folder of that path. See \"checkpoints list\".");
        return null;
    }

    private static SynthesisFunnel? WithProgress(Func<IProgress<TrainingUpdate>, SynthesisFunnel?> work)
    {
        SynthesisFunnel? result = null;
        Terminal.Aside.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => result = work(new ProgressBars(context)));
        return result;
    }

    private static void Print(SynthesisFunnel funnel)
    {
        AnsiConsole.Write(new Table { Title = new TableTitle("Synthesised texts") }.AddColumns("", "Number")
            .AddRow("Samples given", Whole(funnel.Samples)).AddRow("Photos that repeat another, left out", Whole(funnel.RepeatedPhotos))
            .AddRow("Asked about", Whole(funnel.Total.Asked)).AddRow("Accepted", $"{Whole(funnel.Total.Accepted)} ({Share(funnel.Total.Rate)})").AddRow("Attempts", Whole(funnel.Attempts)));

        var yields = new Table { Title = new TableTitle("Yield") }.AddColumns("", "Asked", "Accepted", "Share");
        foreach (var (index, yield) in funnel.ByAttempt.Index()) Row($"attempt {index + 1}", yield);
        foreach (var (emotion, yield) in funnel.ByEmotion) Row(emotion.Name(), yield);
        foreach (var (unit, yield) in funnel.ByActionUnit) Row(ActionUnit.CodeOf(unit), yield);
        AnsiConsole.Write(yields);

        var reasons = new Table { Title = new TableTitle("Reasons of rejection") }.AddColumns("", "Attempts", "Samples given up");
        foreach (var (kind, count) in funnel.Reasons) reasons.AddRow(kind.ToString(), Whole(count), Whole(funnel.GivenUpFor.GetValueOrDefault(kind)));
        AnsiConsole.Write(reasons);

        if (funnel.Blind is { } blind)
        {
            var table = new Table { Title = new TableTitle($"Asked again without labels, n = {blind.N}, 95% intervals") }.AddColumns("Measure", "Value", "Interval");
            foreach (var (label, estimate) in new[] { ("Same emotion", blind.SameEmotion), ("Same action units", blind.SameActionUnits), ("Action-unit F1", blind.ActionUnitF1) })
                table.AddRow(label, Number(estimate.Value), estimate.Low is null ? "n/a" : $"{Number(estimate.Low.Value)} – {Number(estimate.High!.Value)}");
            AnsiConsole.Write(table);
        }

        void Row(string label, SynthesisYield yield) => yields.AddRow(label, Whole(yield.Asked), Whole(yield.Accepted), Share(yield.Rate));
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value is { } share ? share.ToString("P1", CultureInfo.InvariantCulture) : "n/a";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>One bar for writing, one for the blind check.</summary>
    private sealed class ProgressBars(ProgressContext context) : IProgress<TrainingUpdate>
    {
        private readonly Dictionary<string, ProgressTask> bars = [];

        public void Report(TrainingUpdate update)
        {
            if (!bars.TryGetValue(update.Phase, out var bar)) bars[update.Phase] = bar = context.AddTask(update.Phase, maxValue: update.Steps);
            bar.Description = Markup.Escape((update.Values.TryGetValue("accepted", out var accepted)
                ? (FormattableString)$"{update.Phase}: {accepted:F0} accepted, {update.Values["given_up"]:F0} given up, {update.SamplesPerSecond:F1} answers/s"
                : (FormattableString)$"{update.Phase}: same emotion {update.Values["blind_same_emotion"]:F3}, {update.SamplesPerSecond:F1} answers/s").ToString(CultureInfo.InvariantCulture));
            bar.Value = update.Step;
        }
    }
}
