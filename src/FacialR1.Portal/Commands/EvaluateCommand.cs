using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Runs;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Checkpoints;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>evaluate</c>: how good a checkpoint is on labelled faces, with intervals.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<DirectoryInfo?> Data = new("--data") { Description = "Folder with benchmark.json (see \"benchmarks\"), or one in the fer-au layout." };
    private static readonly Option<string?> Benchmarks = new("--benchmark") { Description = "Name from \"benchmarks list\", instead of --data and --split." };
    private static readonly Option<string?> Split = new("--split") { Description = "train, val or test. Choose on val; read test once, at the end. Default: val in the fer-au layout, else every sample." };
    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\" (\"remote:…\" is a model behind a server), or the path of a checkpoint folder. Default: the embedded Mini." };
    private static readonly Option<string> Protocol = new("--protocol")
    {
        Description = $"By which rules the printed numbers are counted: {string.Join(", ", EvaluationProtocols.All.Select(protocol => protocol.Id()))}. The stored answers can be read by any.", DefaultValueFactory = _ => EvaluationProtocol.Portal.Id(),
    };
    private static readonly Option<double> Temperature = new("--temperature") { Description = "0 takes the likeliest token.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> TopK = new("--top-k") { Description = "Only the k likeliest tokens; 0 keeps all.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> TopP = new("--top-p") { Description = "Only the likeliest tokens that reach this sum.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> RepetitionPenalty = new("--repetition-penalty") { Description = "1 changes nothing.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> MaxTokens = new("--max-tokens") { Description = "Cut an answer after this many tokens. Default: 192 for a checkpoint on this machine, 512 for a model behind a server." };
    private static readonly Option<long> Seed = new("--seed") { Description = "Same seed, same answers.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> AtOnce = new("--batch") { Description = "Answers written side by side.", DefaultValueFactory = _ => DefaultAtOnce };
    private static readonly Option<string?> Run = new(RunForm.RunOption) { Description = "Run folder, made when absent: progress is logged there, and the evaluation can be paused and stopped (\"runs\"). Needs --out." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Only the first N samples." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the report as one JSON object, as the last line." };

    private static readonly Option<FileInfo?> Out = new("--out")
    {
        Description = "Write every answer to this JSONL file, with full provenance in its first line. An unfinished file of the same evaluation goes on where it stopped. \"compare\" reads such files; those in data/evaluations are on the pages too.",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "What tables call the model. Default: the name of the checkpoint's folder." };

    private static readonly Option<bool> WithBaselines = new("--baselines") { Description = "Also measure two baselines learnt from train: always the commonest answer, and logistic regression on raw pixels." };

    private const int DefaultAtOnce = 64, ServerTokens = 512;

    public static Command Create()
    {
        var command = new Command("evaluate",
            """
            Lets a checkpoint answer for every labelled face of a benchmark, greedily unless told otherwise, and prints all measures with n and 95% intervals: recognition (accuracy, macro-, micro- and
            sample F1 under both policies for units outside the set), calibration (ECE, Brier), overlap with reference texts (ROUGE-1, -2, -L, REGE), hallucination (CHAIR_i,
            CHAIR_s) with coverage, claims, consistency of reasoning and answer, alignment; then F1 per action unit and the confusion matrix.

            A checkpoint on this machine answers in batches. A model behind a server ("remote:…", see docs/remote-models.md) is asked for several faces at a time; what it cost is told.
            """)
        { Data, Benchmarks, Split, Checkpoint, Limit, Protocol, Temperature, TopK, TopP, RepetitionPenalty, MaxTokens, Seed, AtOnce, Out, Run, Name, Json, WithBaselines };
        AtOnce.Validators.Add(result => { if (result.GetValue(AtOnce) is < 1 or > 256) result.AddError("--batch lies between 1 and 256."); });
        Protocol.Validators.Add(result => { if (EvaluationProtocols.Find(result.GetValue(Protocol)) is null) result.AddError($"--protocol is one of {string.Join(", ", EvaluationProtocols.All.Select(protocol => protocol.Id()))}."); });
        command.Validators.Add(result => { if (result.GetResult(Data) is null == result.GetResult(Benchmarks) is null) result.AddError("Say what to measure on: either --data <folder> or --benchmark <name> (see \"benchmarks list\")."); });
        command.Validators.Add(result => { if (result.GetResult(Run) is not null && result.GetResult(Out) is null) result.AddError("--run needs --out, the file that takes the answers."); });
        command.SetAction((arguments, cancellationToken) => Task.Run(() => RunAsync(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Create();
        var run = arguments.GetValue(Run) is { } runFolder ? RunFolder.At(runFolder) : null;
        try
        {
            var (checkpoint, models) = (FindCheckpoint(services.Get<CheckpointCatalog>(), arguments.GetValue(Checkpoint)), services.Get<IReasoningModelFactory>());
            var (data, split) = FindBenchmark(services.Get<BenchmarkCatalog>(), arguments);
            var benchmark = Benchmark.Load(data, split, arguments.GetValue(Limit));
            var decoding = new DecodingOptions(
                arguments.GetValue(Temperature), arguments.GetValue(TopK), arguments.GetValue(TopP), arguments.GetValue(RepetitionPenalty), MaxTokens: arguments.GetValue(MaxTokens) ?? (checkpoint.Remote is null ? EvaluationDesk.UsualDecoding.MaxTokens : ServerTokens), Seed: arguments.GetValue(Seed));
            var protocol = EvaluationProtocols.Find(arguments.GetValue(Protocol))!.Value;
            if (run is not null) run = RunFolder.CreateOrOpen(run.Path, DescribeRun(arguments, checkpoint, benchmark, decoding));
            using var file = arguments.GetValue(Out) is { } path
                ? ResultFile.CreateOrContinue(path.FullName, Header(checkpoint, benchmark, await models.IdentifyAsync(checkpoint, cancellationToken), decoding, protocol) with { Model = arguments.GetValue(Name) ?? checkpoint.Name }) : null;
            if (file is { Rows.Count: > 0 }) Terminal.Note($"{file.Rows.Count} of {benchmark.Samples.Count} answers are there already.");
            if (checkpoint.Remote is { } asked) Terminal.Note($"The faces are sent to {asked.Host}.");
            var model = models.Create(checkpoint);
            await using var _ = model as IAsyncDisposable;
            BenchmarkEvaluation Evaluation(Func<CancellationToken, ValueTask> beforeEach) => checkpoint.Remote is { } remote
                ? new(model, decoding) { AtOnce = Math.Min(arguments.GetValue(AtOnce), remote.Concurrency), Encode = ModelView.Whole, BeforeEach = beforeEach }
                : new(model, decoding) { AtOnce = arguments.GetValue(AtOnce), BeforeEach = beforeEach };

            var answers = new List<ResultRow>();
            var isWhole = true;
            await Terminal.Aside.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
            {
                var bar = context.AddTask($"{benchmark.Samples.Count} faces", maxValue: benchmark.Samples.Count);
                void Take(ResultRow answer)
                {
                    answers.Add(answer);
                    bar.Increment(1);
                }
                if (run is not null && file is not null) isWhole = await new EvaluationRun(run, TimeProvider.System).RunAsync(benchmark, Evaluation, file, new Told(Take), cancellationToken);
                else await foreach (var answer in Evaluation(_ => ValueTask.CompletedTask).AnswerAsync(benchmark, file, cancellationToken)) Take(answer);
            });
            if (!isWhole) throw new OperationCanceledException();
            if (arguments.GetValue(WithBaselines)) PrintBaselines(data, split ?? "val", arguments.GetValue(Limit));
            Terminal.Note($"{benchmark.Name}: {benchmark.LabelNote}");
            if (protocol != EvaluationProtocol.Portal) Terminal.Note($"Protocol {protocol.Label()}: {protocol.Description()}");
            var served = ServedTotals.Of(answers);
            if (served is not null) Terminal.Note(ServedText.Of(served));
            var vocabulary = protocol.Vocabulary(answers.Select(answer => answer.Reading.Labels), benchmark.Vocabulary);
            ResultRow[] read = [.. answers.Select(answer => answer with { Reading = protocol.Read(answer.Text, answer.Reading.Labels) })];
            var report = EvaluationReport.Of([.. read.Select(answer => answer.Reading)], vocabulary, clusters: SubjectClusters.Of([.. read.Select(answer => answer.Subject)]));
            var measures = MeasureTable.Of(new ResultSet(checkpoint.Name, vocabulary, read), services.Get<AlignmentTables>());
            if (arguments.GetValue(Json)) Terminal.Result.WriteLine(Describe(report, measures, served));
            else Print(report, measures);
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem(arguments.GetValue(Out) is null ? "Stopped; nothing was measured." : "Stopped; the same command goes on with what is missing.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ModelUnavailableException or CheckpointException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            // The page shows the last line of output of a run that ended before it could log anything.
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static CheckpointEntry FindCheckpoint(CheckpointCatalog catalog, string? name)
    {
        name ??= catalog.Usable().DefaultChoice()?.Name;
        return (name is null ? null : catalog.Find(name) ?? CheckpointCatalog.At(name))
            ?? throw new DataFormatException($"There is no checkpoint \"{name}\" in {catalog.Folder} and no checkpoint folder of that path. See \"checkpoints list\".");
    }

    private static (string Data, string? Split) FindBenchmark(BenchmarkCatalog catalog, ParseResult arguments)
    {
        if (arguments.GetValue(Data) is { } folder) return (folder.FullName, arguments.GetValue(Split));
        var name = arguments.GetRequiredValue(Benchmarks)!;
        return catalog.Find(name) is { } entry
            ? (entry.Folder, entry.Split ?? arguments.GetValue(Split))
            : throw new DataFormatException($"There is no benchmark \"{name}\". Known are: {string.Join(", ", catalog.All().Select(known => known.Name))}. Import one with \"benchmarks import\", or name a folder with --data.");
    }

    private static JsonObject DescribeRun(ParseResult arguments, CheckpointEntry checkpoint, Benchmark benchmark, DecodingOptions decoding) => new()
    {
        ["kind"] = EvaluationRun.Kind, ["stage"] = benchmark.Name, ["parent"] = checkpoint.Name, ["benchmark"] = benchmark.Name, ["samples"] = benchmark.Samples.Count,
        ["protocol"] = arguments.GetValue(Protocol), ["decoding"] = JsonSerializer.SerializeToNode(decoding), ["out"] = arguments.GetValue(Out)!.FullName,
        ["phases"] = new JsonObject { [EvaluationRun.Phase] = new JsonObject() },
    };

    /// <summary>The provenance of an evaluation that is about to start.</summary>
    internal static ResultHeader Header(CheckpointEntry checkpoint, Benchmark benchmark, ModelIdentity model, DecodingOptions decoding, EvaluationProtocol protocol) => new()
    {
        Model = checkpoint.Name,
        CheckpointSha256 = model.Sha256,
        Server = checkpoint.Remote?.Host,
        ServerModel = checkpoint.Remote?.Model,
        Benchmark = benchmark.Name,
        DataSha256 = benchmark.Sha256,
        Samples = benchmark.Samples.Count,
        SampleIdsSha256 = benchmark.SampleIdsSha256,
        ActionUnits = [.. benchmark.Vocabulary.Select(ActionUnit.CodeOf)],
        LabelNote = benchmark.LabelNote,
        Prompt = model.Prompt,
        Decoding = decoding,
        Protocol = protocol == EvaluationProtocol.Portal ? null : protocol.Id(),
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

    /// <summary>Tells on the evaluating thread.</summary>
    private sealed class Told(Action<ResultRow> take) : IProgress<ResultRow>
    {
        public void Report(ResultRow value) => take(value);
    }
}
