using System.CommandLine;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Inference;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Rendering;
using FacialR1.Training.Stages;
using FacialR1.VisionLanguage.Checkpoints;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>report results</c>: measures the shipped checkpoints and writes docs/results.md and the table of the README.</summary>
internal static class ReportCommand
{
    private static readonly Option<DirectoryInfo?> Data = new("--data") { Description = "Folder in the fer-au layout, of which test is measured. Left out, only the named benchmarks are." };
    private static readonly Option<string[]> Named = new("--benchmark") { Description = "Names from \"benchmarks list\".", DefaultValueFactory = _ => [RenderedBenchmark.Name], AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Checkpoints = new("--checkpoint") { Description = "Names from \"checkpoints list\". Default: all that say in lineage.json how they were made.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Only the first N samples of each, to try the command; the text is printed and no document is changed." };

    public static Command Create()
    {
        var results = new Command("results",
            """
            Lets every shipped checkpoint answer greedily for the bundled benchmark and, with --data, for test of fer-au, and writes values, 95% intervals, n and the
            paired difference of each stage to the one before into docs/results.md and the README, between markers. Answers are kept in data/evaluations: what is
            there already is not asked again, and a stopped report goes on. Read test once, when everything is chosen.
            """)
        { Data, Named, Checkpoints, Limit };
        results.SetAction((arguments, cancellationToken) => Task.Run(() => RunAsync(arguments, cancellationToken), CancellationToken.None));
        return new Command("report", "Writes what was measured.") { results };
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            await using var services = CommandServices.Create();
            var (paths, limit) = (services.Get<PortalPaths>(), arguments.GetValue(Limit));
            var (chain, others) = Staged(services.Get<CheckpointCatalog>(), arguments.GetValue(Checkpoints) ?? []);
            var benchmarks = new List<Benchmark>();
            if (arguments.GetValue(Data) is { } data) benchmarks.Add(Benchmark.Load(data.FullName, "test", limit));
            foreach (var name in arguments.GetValue(Named) ?? []) benchmarks.Add(Benchmark.Load(paths.Benchmark(name), null, limit));

            foreach (var benchmark in benchmarks)
            {
                var (headers, sets) = (new List<ResultHeader>(), new List<ResultSet>());
                foreach (var checkpoint in chain.Concat(others))
                {
                    var (header, set) = await AnswersAsync(benchmark, checkpoint, services.Get<IReasoningModelFactory>(), paths.Evaluations, cancellationToken);
                    headers.Add(header);
                    sets.Add(set);
                }
                Write(new ResultsSection(headers[0], sets[..chain.Count], sets[chain.Count..], cancellationToken), paths.Root, isTrial: limit is not null);
            }
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; the same command goes on with what is missing.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or FormatException or InvalidDataException or ArgumentException or ModelUnavailableException or CheckpointException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    /// <summary>The longest line of parents among the checkpoints, from the first stage to the last, and those beside it.</summary>
    private static (IReadOnlyList<CheckpointEntry> Chain, IReadOnlyList<CheckpointEntry> Others) Staged(CheckpointCatalog catalog, string[] names)
    {
        foreach (var name in names)
            if (catalog.Find(name) is not { } found) throw new ArgumentException($"There is no checkpoint \"{name}\" in {catalog.Folder}. See \"checkpoints list\".");
            else if (found.Remote is not null) throw new ArgumentException($"{name} is behind a server and has no stages. Use \"evaluate\" and \"compare\" for it.");
        var lineages = catalog.Usable().Where(entry => entry.Folder is not null).Where(entry => names.Length == 0 || names.Contains(entry.Name))
            .Select(entry => (Entry: entry, Lineage: Lineage.Read(entry.Folder!))).Where(row => names.Length > 0 || row.Lineage is not null).ToArray();
        if (lineages.Length < 2) throw new ArgumentException($"A report needs at least two checkpoints; {catalog.Folder} has {lineages.Length} that fit.");
        List<CheckpointEntry> Line((CheckpointEntry Entry, Lineage? Lineage) last)
        {
            var line = new List<CheckpointEntry> { last.Entry };
            while (line.Count < PairedComparison.MostModels && lineages.FirstOrDefault(row => row.Entry.Name == last.Lineage?.Parent) is { Entry: not null } parent && !line.Contains(parent.Entry))
            {
                line.Insert(0, parent.Entry);
                last = parent;
            }
            return line;
        }

        var chain = lineages.Select(Line).MaxBy(line => line.Count)!;
        return (chain, [.. lineages.Select(row => row.Entry).Except(chain)]);
    }

    /// <summary>From a result file that answers the same question, or asked now.</summary>
    private static async Task<(ResultHeader Header, ResultSet Set)> AnswersAsync(Benchmark benchmark, CheckpointEntry entry, IReasoningModelFactory models, string folder, CancellationToken cancellationToken)
    {
        var decoding = EvaluationDesk.UsualDecoding;
        var header = EvaluateCommand.Header(entry, benchmark, await models.IdentifyAsync(entry, cancellationToken), decoding, EvaluationProtocol.Portal);
        var path = Existing(folder, header) ?? Path.Combine(folder, $"{entry.Name}.{benchmark.Name.Replace('/', '-')}.{header.ShortId()}.jsonl");
        // A file under another name of the model goes on under that name.
        if (File.Exists(path)) header = header with { Model = ResultFile.LoadHeader(path).Model };
        var model = models.Create(entry);
        await using var _ = model as IAsyncDisposable;
        var rows = new List<ResultRow>();
        using (var file = ResultFile.CreateOrContinue(path, header))
            await Terminal.Aside.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape($"{entry.Name} on {benchmark.Name}"), maxValue: benchmark.Samples.Count);
                await foreach (var row in new BenchmarkEvaluation(model, decoding).AnswerAsync(benchmark, file, cancellationToken))
                {
                    rows.Add(row);
                    bar.Increment(1);
                }
            });
        return (header, new ResultSet(entry.Name, benchmark.Vocabulary, rows));
    }

    private static string? Existing(string folder, ResultHeader header)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            try
            {
                if (ResultFile.LoadHeader(path).AsksTheSameAs(header)) return path;
            }
            catch (DataFormatException)
            {
                // Another kind of file may lie there.
            }
        }
        return null;
    }

    private static void Write(ResultsSection section, string root, bool isTrial)
    {
        if (isTrial)
        {
            Terminal.Result.WriteLine(section.Document());
            Terminal.Note("A trial on part of the samples: no document was changed.");
            return;
        }

        foreach (var (file, content) in new[] { (Path.Combine(root, "docs", "results.md"), section.Document()), (Path.Combine(root, "README.md"), section.Summary()) })
        {
            File.WriteAllText(file, MarkedText.Replace(File.ReadAllText(file), section.Name, content));
            Terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{section.Name} → {file}"));
        }
    }
}
