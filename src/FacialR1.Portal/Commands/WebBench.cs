using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Compare;
using FacialR1.Portal.Storage;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Evaluation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>bench web</c>: whether the benchmark pages stay usable with very many samples, on a store that is generated for it.</summary>
internal static class WebBench
{
    private const int Repetitions = 5;
    private static readonly Option<int> Samples = new("--samples") { Description = "Samples of the generated benchmark.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Checkpoints = new("--checkpoints") { Description = "Checkpoints that answered all of them.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Compared = new("--compared") { Description = "Samples of the two results that are compared.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<string?> Postgres = new("--postgres") { Description = "Connection string of an empty PostgreSQL database to measure on instead of SQLite." };
    private static readonly Option<string?> Folder = new("--folder") { Description = "Where generated files and the SQLite file go and stay; generated files that are there are used again. Default: a temporary folder that is removed." };

    public static Command Create()
    {
        var command = new Command("web",
            """
            Generates answers of many checkpoints to many samples, imports them, and measures filtering, sorting, paging and slicing through the pages' own store,
            the measures of the leaderboard, and the comparison of two results. The answers mean nothing; their number and size are what counts.
            """)
        { Samples, Checkpoints, Compared, Postgres, Folder };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Create();
        var folder = arguments.GetValue(Folder) is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("facialr1-bench-").FullName;
        try
        {
            var paths = new PortalPaths(Options.Create(new PathOptions { Evaluations = Path.Combine(folder, "evaluations"), Database = Path.Combine(folder, "portal.db") }), services.Get<IHostEnvironment>());
            Directory.CreateDirectory(paths.Evaluations);
            var storage = arguments.GetValue(Postgres) is { } connection ? new StorageOptions { Database = DatabaseKind.PostgreSql, ConnectionString = connection } : new StorageOptions();
            var contexts = new PortalContexts(storage, paths.Database);
            await using (var context = contexts.CreateDbContext())
            {
                await context.Database.MigrateAsync(cancellationToken);
                if (context.Database.IsSqlite()) await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
            }

            var (samples, checkpoints, compared) = (arguments.GetValue(Samples), arguments.GetValue(Checkpoints), arguments.GetValue(Compared));
            for (var number = 1; number <= checkpoints; number++) Generate(paths, $"bench-{number}", "generated/large", samples, (ulong)number, cancellationToken);
            foreach (var number in (int[])[1, 2]) Generate(paths, $"pair-{number}", "generated/pair", compared, (ulong)(100 + number), cancellationToken);

            var table = new Table { Title = new TableTitle(Markup.Escape(Invariant($"{storage.Database}, {samples:N0} samples × {checkpoints} checkpoints"))) }
                .AddColumns(new TableColumn("Measure"), new TableColumn("Median").RightAligned(), new TableColumn("Slowest").RightAligned(), new TableColumn("Aim").RightAligned());
            await MeasureAsync(table, contexts, paths, samples * checkpoints, cancellationToken);
            AnsiConsole.Write(table);
            return PortalCommandLine.Success;
        }
        finally
        {
            if (arguments.GetValue(Folder) is null)
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(Table table, PortalContexts contexts, PortalPaths paths, int rows, CancellationToken cancellationToken)
    {
        using var index = new EvaluationIndex(contexts, paths);
        var store = new EvaluationStore(contexts, paths);
        GC.Collect();
        var (before, peak) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        var clock = Stopwatch.StartNew();
        var import = index.RefreshAsync(cancellationToken);
        while (await Task.WhenAny(import, Task.Delay(100, cancellationToken)) != import) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false) - before);
        foreach (var problem in await import) Terminal.Problem(problem.Message);
        table.AddRow("Import, rows a second", Invariant($"{rows / clock.Elapsed.TotalSeconds:N0}"), "", "");
        table.AddRow("Import, heap above the start at its peak", Invariant($"{peak / 1048576.0:N0} MB"), "", "flat");

        var results = await store.ListAsync(cancellationToken);
        // The middle one: neither the first rows of the table nor the last.
        var large = results.Where(result => result.Benchmark == "generated/large").ToArray();
        var result = large[large.Length / 2];
        foreach (var (name, query) in new (string, SampleQuery)[]
        {
            ("All samples, first page", new()), ("All samples, last page", new() { Page = int.MaxValue }),
            ("Filter: label and answer", new() { Label = Emotion.Fear, Answer = Emotion.Surprise }), ("Filter: wrong", new() { IsRight = false }), ("Filter: answer not readable", new() { IsUnread = true }),
            ("Filter: AU12 claimed and not there", new() { Unit = 12, Place = UnitPlace.Hallucinated }), ("Filter: right for the wrong reasons", new() { Outcome = AnswerOutcome.RightForTheWrongReasons }),
            ("Filter: subject", new() { Subject = "subject-0042" }), ("Filter: metadata", new() { Slice = ("light", "dim") }), ("Filter: part of the id", new() { Search = "0777" }),
            ("Filter: said probability 0.8 – 0.9", new() { ConfidenceAbove = 0.8, ConfidenceTo = 0.9 }),
            ("Sort: said probability, largest first", new() { Order = AnswerOrder.Confidence, IsDescending = true }), ("Sort: units not there, largest first", new() { Order = AnswerOrder.Hallucinated, IsDescending = true }),
            ("Sort: units missed, largest first", new() { Order = AnswerOrder.Missed, IsDescending = true }), ("Sort: tokens", new() { Order = AnswerOrder.Tokens }), ("Sort: label", new() { Order = AnswerOrder.Label }),
            ("Sort: id, descending, page 2500", new() { Order = AnswerOrder.Sample, IsDescending = true, Page = 2500 }),
            ("Filter and sort: wrong and sure", new() { IsRight = false, Order = AnswerOrder.Confidence, IsDescending = true }),
            ("Filter and sort: metadata by units not there", new() { Slice = ("light", "dim"), Order = AnswerOrder.Hallucinated, IsDescending = true }),
        })
            await TimeAsync(table, name, "300 ms", async () =>
            {
                var page = await store.PageAsync(result.Id, query, cancellationToken);
                await store.ReadAsync(result, page.Samples, cancellationToken);
            });
        await TimeAsync(table, "All slices of one measure", "", () => store.SlicesAsync(result.Id, SliceMeasure.Right, cancellationToken));
        await TimeAsync(table, "Measures of one result, first time", "", () => store.ReportAsync(result, EvaluationProtocol.Portal, cancellationToken), repetitions: 1);
        await TimeAsync(table, "Measures of one result, from then on", "300 ms", () => store.ReportAsync(result, EvaluationProtocol.Portal, cancellationToken));
        await TimeAsync(table, "Comparison of two results, from their files", "2,000 ms", () => new Comparisons(new EvaluationFiles(paths)).OfAsync(["pair-1", "pair-2"], IntervalKind.Percentile), repetitions: 3);
    }

    private static async Task TimeAsync(Table table, string name, string aim, Func<Task> work, int repetitions = Repetitions)
    {
        var times = new List<double>();
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var begun = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        times.Sort();
        table.AddRow(Markup.Escape(name), Invariant($"{times[times.Count / 2]:N0} ms"), Invariant($"{times[^1]:N0} ms"), aim);
        Terminal.Note(Invariant($"{name}: {times[times.Count / 2]:N0} ms"));
    }

    /// <summary>Labels belong to the sample and are the same for all checkpoints; answers and claims differ.</summary>
    private static void Generate(PortalPaths paths, string name, string benchmark, int samples, ulong seed, CancellationToken cancellationToken)
    {
        var path = Path.Combine(paths.Evaluations, name + ".jsonl");
        if (File.Exists(path)) return;
        Terminal.Note(Invariant($"Generating {samples:N0} answers of {name}"));
        var header = new ResultHeader
        {
            Model = name, CheckpointSha256 = new string('0', 64), Benchmark = benchmark, DataSha256 = new string('1', 64), Samples = samples, SampleIdsSha256 = new string('2', 64),
            ActionUnits = [.. Units.Select(ActionUnit.CodeOf)], LabelNote = "Generated to measure speed; the labels and answers mean nothing.", Prompt = "none", Decoding = DecodingOptions.Greedy,
        };
        var unfinished = path + ".partial";
        using (var file = ResultFile.CreateOrContinue(unfinished, header))
        {
            var answers = new Pcg32(seed);
            for (var number = file.Rows.Count; number < samples; number++)
            {
                if (number % 1000 == 0) cancellationToken.ThrowIfCancellationRequested();
                file.Append(Row(number, answers), isTruncated: false);
            }
        }

        File.Move(unfinished, path);
    }

    private static readonly int[] Units = [1, 2, 4, 5, 6, 7, 9, 10, 12, 15, 17, 20, 23, 25, 26];

    private static ResultRow Row(int number, Pcg32 answers)
    {
        var labels = new Pcg32((ulong)number, stream: 7);
        var emotion = (Emotion)labels.NextInt(Emotions.All.Count);
        int[] truth = [.. Units.Where(_ => labels.NextInt(5) == 0)], claimed = [.. Units.Where(unit => truth.Contains(unit) ? answers.NextInt(10) < 7 : answers.NextInt(20) == 0)];
        var answer = answers.NextInt(10) < 6 ? emotion : (Emotion)answers.NextInt(Emotions.All.Count);
        var sure = 0.3 + answers.NextInt(7000) / 10_000.0;
        var text = $"<think>The face shows {string.Join(", ", claimed.Select(unit => $"{(ActionUnits.TryGet(unit, out var known) ? known.Name : "")} (AU{unit})"))}. Together these movements point to {answer.Name()}.</think><answer>{(answers.NextInt(50) == 0 ? "mixed" : answer.Name())}</answer>";
        return ResultRow.Of(
            string.Create(CultureInfo.InvariantCulture, $"sample-{number:000000}"), string.Create(CultureInfo.InvariantCulture, $"subject-{labels.NextInt(400):0000}"), text, 40 + answers.NextInt(60),
            Emotions.All.ToDictionary(known => known, known => known == answer ? sure : (1 - sure) / (Emotions.All.Count - 1)), new ResponseLabels(emotion, truth)) with
        {
            Image = string.Create(CultureInfo.InvariantCulture, $"images/{number:000000}.png"),
            Metadata = new Dictionary<string, string> { ["light"] = labels.NextInt(4) == 0 ? "dim" : "bright", ["source"] = string.Create(CultureInfo.InvariantCulture, $"camera {labels.NextInt(12)}") },
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
