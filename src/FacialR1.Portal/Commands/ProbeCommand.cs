using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis;
using FacialR1.Analysis.Prompts;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Inference;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.VisionLanguage.Checkpoints;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>probe au-pope</c>: does a model say yes to units that are not there?</summary>
internal static class ProbeCommand
{
    private const string TrainingSplit = "train";
    private const int QuestionsAtOnce = 16;

    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\". It must be able to answer questions: the embedded Mini knows one question only." };
    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Folder with benchmark.json (see \"benchmarks\"), or one in the fer-au layout.", Required = true };
    private static readonly Option<string?> Split = new("--split") { Description = "train, val or test. Default: val in the fer-au layout, else every sample." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Only the first N samples." };
    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Cut an answer after this many tokens; a model that reasons first needs some.", DefaultValueFactory = _ => 256 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Of the random draw of absent units." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object, as the last line." };

    public static Command Create()
    {
        var pope = new Command("au-pope",
            """
            Asks "is this action unit visible?" for every labelled unit and for as many units that are not there, drawn three ways: at random, the most frequent in training
            (popular), and those that most often occur with the units that are there (adversarial). Prints accuracy, precision, recall, F1 and the share of "yes", which should be
            near one half. An answer that is neither yes nor no is wrong.
            """)
        { Checkpoint, Data, Split, Limit, MaxTokens, Seed, Json };
        pope.SetAction(RunAsync);
        return new Command("probe", "Asks models what they were not trained on, to see what their answers rest on.") { pope };
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Create();
        var catalog = services.Get<CheckpointCatalog>();
        var name = arguments.GetValue(Checkpoint) ?? catalog.Usable().DefaultChoice()?.Name;
        if (name is null || catalog.Find(name) is not { } entry)
        {
            Terminal.Problem($"There is no checkpoint \"{name}\" in {catalog.Folder}. See \"checkpoints list\".");
            return PortalCommandLine.Failure;
        }

        try
        {
            var benchmark = Benchmark.Load(arguments.GetRequiredValue(Data).FullName, arguments.GetValue(Split), arguments.GetValue(Limit));
            var (training, source) = Training(arguments.GetRequiredValue(Data).FullName, benchmark);
            var questions = Draw(benchmark, training, arguments.GetValue(Seed));
            if (questions.Count == 0) throw new DataFormatException($"{benchmark.Name} has no sample with action unit labels, so there is nothing to ask.");
            if (entry.Remote is { } remote) Terminal.Note($"The faces are sent to {remote.Host}.");

            await using var lease = services.Get<ModelPool>().Rent(name);
            var decoding = DecodingOptions.Greedy with { MaxTokens = arguments.GetValue(MaxTokens) };
            var answers = await AskAsync(benchmark, questions, lease.Model, decoding, entry.Remote?.Concurrency ?? QuestionsAtOnce, cancellationToken);
            var scores = questions.GroupBy(question => question.Draw).ToDictionary(
                draw => draw.Key, draw => PresenceScores.Of(draw.Select(question => (question.IsPresent, PresencePrompt.Read(answers[(question.Sample, question.Unit)].Text)))));
            var cost = answers.Values.Sum(answer => answer.Served?.Cost);

            Terminal.Note($"{benchmark.Name}: {benchmark.LabelNote}");
            Terminal.Note($"Frequencies of units are those of {source}. {answers.Count} different questions were asked{(cost is > 0 ? FormattableString.Invariant($", at {cost} {answers.Values.First().Served?.Currency}") : "")}.");
            if (arguments.GetValue(Json)) Terminal.Result.WriteLine(Describe(name, benchmark, source, scores));
            else Print(scores);
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; nothing was measured.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ModelUnavailableException or CheckpointException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem($"{name} was not probed. {error.Message}");
            return PortalCommandLine.Failure;
        }
    }

    /// <summary>Training labels where the data has them; else the labels of what is measured, which is said.</summary>
    private static (UnitFrequencies Frequencies, string Source) Training(string folder, Benchmark benchmark)
    {
        try
        {
            var training = Benchmark.Load(folder, TrainingSplit);
            return (Frequencies(training), training.Name);
        }
        catch (DataFormatException)
        {
            return (Frequencies(benchmark), $"{benchmark.Name} itself, because the data has no split \"{TrainingSplit}\"");
        }
    }

    private static UnitFrequencies Frequencies(Benchmark benchmark) => new(benchmark.Samples.Select(sample => sample.Labels.ActionUnits).OfType<IReadOnlyCollection<int>>());

    private static List<Question> Draw(Benchmark benchmark, UnitFrequencies training, ulong seed)
    {
        var random = new Pcg32(seed, stream: 0x504f5045);
        return [.. Enum.GetValues<AbsentDraw>().SelectMany(draw => benchmark.Samples.Where(sample => sample.Labels.ActionUnits is not null).SelectMany(sample =>
            PresenceProbe.Questions(sample.Labels.ActionUnits!, [.. benchmark.Vocabulary], draw, training, random).Select(question => new Question(draw, sample.Id, question.Unit, question.IsPresent))))];
    }

    /// <summary>What several draws ask alike is asked once.</summary>
    private static async Task<IReadOnlyDictionary<(string Sample, int Unit), AnswerFinished>> AskAsync(
        Benchmark benchmark, IReadOnlyList<Question> questions, IReasoningModel model, DecodingOptions decoding, int concurrency, CancellationToken cancellationToken)
    {
        var samples = benchmark.Samples.ToDictionary(sample => sample.Id, StringComparer.Ordinal);
        (string Sample, int Unit)[] different = [.. questions.Select(question => (question.Sample, question.Unit)).Distinct()];
        var answers = new ConcurrentDictionary<(string Sample, int Unit), AnswerFinished>();
        await Terminal.Aside.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var bar = context.AddTask($"{different.Length} questions", maxValue: different.Length);
            var many = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(different, many, async (question, cancel) =>
            {
                var picture = ModelView.Whole(benchmark.Open(samples[question.Sample]));
                answers[question] = await model.AskAsync(new AnalysisRequest(picture, decoding) { Question = PresencePrompt.Text(question.Unit) }, cancel);
                bar.Increment(1);
            });
        });
        return answers;
    }

    private static string Describe(string name, Benchmark benchmark, string source, Dictionary<AbsentDraw, PresenceScores> scores) => JsonSerializer.Serialize(new
    {
        checkpoint = name, benchmark = benchmark.Name, dataSha256 = benchmark.Sha256, prompt = PresencePrompt.Id, frequenciesOf = source, labelNote = benchmark.LabelNote,
        draws = scores.ToDictionary(draw => Label(draw.Key), draw => draw.Value),
    }, JsonSerializerOptions.Web);

    private static void Print(Dictionary<AbsentDraw, PresenceScores> scores)
    {
        var table = new Table { Title = new TableTitle("Is the unit visible? Accuracy with 95% Wilson interval") }.AddColumns("Absent units", "n", "Accuracy", "Precision", "Recall", "F1", "Share of yes");
        foreach (var (draw, score) in scores)
        {
            var interval = Wilson.Interval(score.TruePositives + score.TrueNegatives, score.N);
            table.AddRow(
                Label(draw), score.N.ToString(CultureInfo.InvariantCulture), $"{Number(score.Accuracy)} ({Number(interval?.Low)} – {Number(interval?.High)})",
                Number(score.Precision), Number(score.Recall), Number(score.F1), Number(score.YesRatio));
        }
        AnsiConsole.Write(table);
    }

    private static string Label(AbsentDraw draw) => draw switch { AbsentDraw.Random => "random", AbsentDraw.Popular => "popular", _ => "adversarial" };

    private static string Number(double? value) => value is { } number ? number.ToString("F3", CultureInfo.InvariantCulture) : "n/a";

    private sealed record Question(AbsentDraw Draw, string Sample, int Unit, bool IsPresent);
}
