using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Remote;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>evaluate</c>: how good a checkpoint is on labelled faces, with intervals.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<DirectoryInfo?> Data = new("--data") { Description = "Folder with benchmark.json (see \"benchmarks\"), or one in the fer-au layout." };
    private static readonly Option<string?> Named = new("--benchmark") { Description = "Instead of --data: the name of a folder from \"benchmarks list\", such as rendered-faces." };
    private static readonly Option<string?> Split = new("--split") { Description = "train, val or test. Choose on val; read test once, at the end. Default: val in the fer-au layout, else every sample." };
    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\" (\"remote:…\" is a model behind a server), or the path of a checkpoint folder. Default: the embedded Mini." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Only the first N samples." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the report as one JSON object, as the last line." };

    private static readonly Option<FileInfo?> Out = new("--out")
    {
        Description = "Write every answer to this JSONL file, with full provenance in its first line. An unfinished file of the same evaluation goes on where it stopped. \"compare\" reads such files; those in data/evaluations are on the pages too.",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "What tables call the model. Default: the name of the checkpoint's folder." };

    private static readonly Option<bool> WithBaselines = new("--baselines") { Description = "Also measure two baselines learnt from train: always the commonest answer, and logistic regression on raw pixels." };

    private static readonly Option<int?> MaxTokens = new("--max-tokens") { Description = "Cut an answer after this many tokens. Default: 192 for a checkpoint on this machine, 512 for a model behind a server." };

    private const int StoredChunk = 64, EngineTokens = 192, ServerTokens = 512;

    public static Command Create()
    {
        var command = new Command("evaluate",
            """
            Lets a checkpoint answer greedily for every labelled face of a split and prints all measures with n and 95% intervals: recognition (accuracy, macro-, micro- and
            sample F1 under both policies for units outside the set), calibration (ECE, Brier), overlap with reference texts (ROUGE-1, -2, -L, REGE), hallucination (CHAIR_i,
            CHAIR_s) with coverage, claims, consistency of reasoning and answer, alignment; then F1 per action unit and the confusion matrix.

            A checkpoint on this machine answers in batches. A model behind a server ("remote:…", see docs/remote-models.md) is asked for several faces at a time; what it cost is told.
            """)
        { Data, Named, Split, Checkpoint, Limit, MaxTokens, Out, Name, Json, WithBaselines };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Data) is null == result.GetResult(Named) is null) result.AddError("Say what to measure on: either --data <folder> or --benchmark <name> (see \"benchmarks list\").");
        });
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var services = CommandServices.Create();
        var catalog = services.Get<CheckpointCatalog>();
        var name = arguments.GetValue(Checkpoint) ?? catalog.Usable().DefaultChoice()?.Name;
        var entry = name is null ? null : catalog.Find(name);
        var folder = entry?.Folder ?? (Directory.Exists(name) ? name : null);
        if (entry?.Remote is null && folder is null)
        {
            Terminal.Problem($"There is no checkpoint \"{name}\" in {catalog.Folder} and no folder of that path. See \"checkpoints list\".");
            return PortalCommandLine.Failure;
        }

        try
        {
            var data = arguments.GetValue(Data)?.FullName ?? services.Get<PortalPaths>().Benchmark(arguments.GetValue(Named)!);
            var benchmark = Benchmark.Load(data, arguments.GetValue(Split), arguments.GetValue(Limit));
            var answers = entry?.Remote is { } remote
                ? AskServer(arguments, benchmark, entry.Name, remote, services.Get<ModelPool>(), cancellationToken)
                : AskEngine(arguments, benchmark, folder!, cancellationToken);
            if (arguments.GetValue(WithBaselines)) PrintBaselines(data, arguments.GetValue(Split) ?? "val", arguments.GetValue(Limit));
            Terminal.Note($"{benchmark.Name}: {benchmark.LabelNote}");
            var served = ServedTotals.Of(answers);
            if (served is not null) Terminal.Note(ServedText.Of(served));
            var report = EvaluationReport.Of([.. answers.Select(answer => answer.Reading)], benchmark.Vocabulary);
            var measures = MeasureTable.Of(new ResultSet(name!, benchmark.Vocabulary, answers), services.Get<AlignmentTables>());
            if (arguments.GetValue(Json)) Terminal.Result.WriteLine(Describe(report, measures, served));
            else Print(report, measures);
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem(arguments.GetValue(Out) is null ? "Stopped; nothing was measured." : "Stopped; the same command goes on with what is missing.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ModelUnavailableException or CheckpointException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    /// <summary>The provenance of an evaluation of a checkpoint on this machine that is about to start.</summary>
    internal static ResultHeader Header(
        string folder, string? name, Benchmark benchmark, LoadedCheckpoint checkpoint, FaceEvaluator evaluator, CancellationToken cancellationToken) =>
        Header(benchmark, checkpoint.Prompt.Id, evaluator.Decoding) with
        {
            Model = name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            CheckpointSha256 = CheckpointChecksum.Compute(folder, cancellationToken),
        };

    /// <summary>A checkpoint on this machine answers in batches.</summary>
    private static List<ResultRow> AskEngine(ParseResult arguments, Benchmark benchmark, string folder, CancellationToken cancellationToken)
    {
        using var checkpoint = LoadedCheckpoint.Load(new LocalModelOptions(folder), progress: null, cancellationToken);
        // Answers reach the file chunk by chunk, so a stored evaluation takes smaller chunks: less is asked again after a kill.
        var evaluator = FaceEvaluator.Of(checkpoint, arguments.GetValue(Out) is null ? null : StoredChunk, arguments.GetValue(MaxTokens) ?? EngineTokens);
        using var file = Open(arguments, () => Header(folder, arguments.GetValue(Name), benchmark, checkpoint, evaluator, cancellationToken));
        return Collect(benchmark, file, BenchmarkEvaluation.Answer(benchmark, evaluator, file, cancellationToken));
    }

    /// <summary>A model behind a server is asked for as many samples at a time as its configuration allows.</summary>
    private static List<ResultRow> AskServer(
        ParseResult arguments, Benchmark benchmark, string name, RemoteModel remote, ModelPool models, CancellationToken cancellationToken)
    {
        Terminal.Note($"The faces are sent to {remote.Host}.");
        var decoding = DecodingOptions.Greedy with { MaxTokens = arguments.GetValue(MaxTokens) ?? ServerTokens };
        var evaluation = new ConcurrentEvaluation(models.Rent(name).Model, decoding, remote.Concurrency, ModelView.Whole);
        using var file = Open(arguments, () => Header(benchmark, remote.Prompt, decoding) with
        {
            Model = arguments.GetValue(Name) ?? name, Server = remote.Host, ServerModel = remote.Model,
        });
        return Collect(benchmark, file, evaluation.AnswerAsync(benchmark, file, cancellationToken).ToBlockingEnumerable(cancellationToken));
    }

    private static ResultFile? Open(ParseResult arguments, Func<ResultHeader> header) =>
        arguments.GetValue(Out) is { } path ? ResultFile.CreateOrContinue(path.FullName, header()) : null;

    private static List<ResultRow> Collect(Benchmark benchmark, ResultFile? file, IEnumerable<ResultRow> answers)
    {
        if (file is { Rows.Count: > 0 }) Terminal.Note($"{file.Rows.Count} of {benchmark.Samples.Count} answers are there already.");
        var all = new List<ResultRow>();
        Terminal.Aside.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var bar = context.AddTask($"{benchmark.Samples.Count} faces", maxValue: benchmark.Samples.Count);
            foreach (var answer in answers)
            {
                all.Add(answer);
                bar.Increment(1);
            }
        });
        return all;
    }

    private static ResultHeader Header(Benchmark benchmark, string prompt, DecodingOptions decoding) => new()
    {
        Model = "",
        Benchmark = benchmark.Name,
        DataSha256 = benchmark.Sha256,
        Samples = benchmark.Samples.Count,
        SampleIdsSha256 = benchmark.SampleIdsSha256,
        ActionUnits = [.. benchmark.Vocabulary.Select(ActionUnit.CodeOf)],
        LabelNote = benchmark.LabelNote,
        Prompt = prompt,
        Decoding = decoding,
        Started = TimeProvider.System.GetUtcNow(),
    };

    private static void PrintBaselines(string folder, string split, int? limit)
    {
        var samples = FerAuFolder.Load(folder, split, limit);
        var training = FerAuFolder.Load(folder, "train");
        foreach (var (name, report) in new[] { ("always the commonest", Baselines.Commonest(training, samples)), ("logistic regression on pixels", Baselines.PixelProbe(training, samples, seed: 1)) })
            Terminal.Note($"{name}: emotion accuracy {Number(report.EmotionAccuracy?.Value)} ({Interval(report.EmotionAccuracy?.Low, report.EmotionAccuracy?.High)}), " +
                $"AU macro-F1 {Number(report.AuMacroF1?.Value)} ({Interval(report.AuMacroF1?.Low, report.AuMacroF1?.High)}), n = {report.N}");
    }

    private static string Describe(EvaluationReport report, IReadOnlyList<Measured> measures, ServedTotals? served)
    {
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        json["measures"] = JsonSerializer.SerializeToNode(measures, JsonSerializerOptions.Web);
        if (served is not null) json["served"] = JsonSerializer.SerializeToNode(served, JsonSerializerOptions.Web);
        return json.ToJsonString();
    }

    private static void Print(EvaluationReport report, IReadOnlyList<Measured> measures)
    {
        foreach (var group in measures.GroupBy(measure => measure.Group))
        {
            var rows = new Table { Title = new TableTitle($"{group.Key}, 95% intervals") }.AddColumns("Measure", "Value", "Interval", "n", "");
            rows.Columns[3].RightAligned();
            foreach (var measure in group)
                rows.AddRow(Markup.Escape(measure.Name), Number(measure.Value), Interval(measure.Low, measure.High), Whole(measure.N), Markup.Escape(measure.Note ?? ""));
            AnsiConsole.Write(rows);
        }

        if (report.PerAu is { } units)
        {
            var table = new Table().AddColumns("AU", "F1", "Interval", "Present", "Claimed");
            foreach (var (unit, estimate) in units)
                table.AddRow(unit, Number(estimate.F1), Interval(estimate.Low, estimate.High), Whole(estimate.Support), Whole(estimate.Predicted));
            AnsiConsole.Write(table);
        }

        if (report.Confusion is { } confusion)
        {
            var table = new Table { Title = new TableTitle("Rows: label, columns: answer") }.AddColumn("");
            foreach (var column in confusion.Columns) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var (row, label) in confusion.Labels.Index()) table.AddRow([label, .. confusion.Counts[row].Select(Whole)]);
            AnsiConsole.Write(table);
        }
    }

    private static string Number(double? value) => value is { } number ? number.ToString("F3", CultureInfo.InvariantCulture) : "n/a";

    private static string Interval(double? low, double? high) => low is null ? "n/a" : $"{Number(low)} – {Number(high)}";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
