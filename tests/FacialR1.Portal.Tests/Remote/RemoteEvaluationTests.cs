using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Remote;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.VisionLanguage.Images;
using Microsoft.Extensions.Options;
using static FacialR1.Portal.Tests.Remote.ChatServer;

namespace FacialR1.Portal.Tests.Remote;

public sealed class RemoteEvaluationTests
{
    [Fact]
    public async Task A_benchmark_is_answered_concurrently_stored_with_its_origin_and_goes_on_without_asking_twice()
    {
        await using var server = await StartAsync(Breaks(Piece("<think>cut")), Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { PromptPrice = 1m, AnswerPrice = 1m });
        using var folder = new PortalFolder();
        var path = Path.Combine(folder.Root, "tiny.jsonl");

        using (var file = ResultFile.CreateOrContinue(path, Header(10))) await AnswerAsync(remote, Faces(10) with { Samples = [.. Faces(10).Samples.Take(6)] }, file);
        Assert.Equal(7, server.Requests);   // the broken one was asked again
        List<ResultRow> rows;
        using (var file = ResultFile.CreateOrContinue(path, Header(10))) rows = await AnswerAsync(remote, Faces(10), file);

        Assert.Equal(11, server.Requests);
        Assert.Equal(10, rows.DistinctBy(row => row.Sample).Count());
        var (header, set) = ResultFile.Load(path);
        Assert.Equal((10, "server:1", null as string), (set.Rows.Count, header.Server, header.CheckpointSha256));
        Assert.All(set.Rows, row => Assert.Equal(("tiny-vl", "fp_test", 0.00084m), (row.Served!.Model, row.Served.Fingerprint, row.Served.Cost)));
        var totals = ServedTotals.Of(set.Rows)!;
        Assert.Equal((10, 8000L, 400L, 0.0084m, "USD"), (totals.Answers, totals.PromptTokens, totals.AnswerTokens, totals.Cost, totals.Currency));
        Assert.Equal(1, EvaluationReport.Of([.. set.Rows.Select(row => row.Reading)], set.Vocabulary, resamples: 50).EmotionAccuracy!.Value);
        Assert.DoesNotContain(RemoteFixture.Key, await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_ends_the_evaluation_and_keeps_what_was_answered()
    {
        await using var server = await StartAsync(Streams(), Streams(), Fails(401, ""));
        using var remote = new RemoteFixture(server.Url, options => options with { Concurrency = 1 });
        using var folder = new PortalFolder();
        var path = Path.Combine(folder.Root, "tiny.jsonl");

        using (var file = ResultFile.CreateOrContinue(path, Header(8)))
            await Assert.ThrowsAsync<ModelUnavailableException>(() => AnswerAsync(remote, Faces(8), file, concurrency: 1));

        Assert.Equal(2, ResultFile.Load(path).Set.Rows.Count);
    }

    [Fact]
    public void Configured_models_stand_in_the_catalog_after_the_checkpoints_and_are_no_folders()
    {
        using var folder = new PortalFolder();
        folder.AddCheckpoint("mini");
        using var remotes = new RemoteModels(Options.Create(new RemoteOptions
        {
            Models =
            {
                ["b"] = new() { Url = "http://localhost:8000/v1", Model = "Qwen/Qwen2.5-VL-3B-Instruct", PromptPrice = 2.5m, AnswerPrice = 10 },
                ["a"] = new() { Url = "https://example.org/v1", Model = "m", KeyVariable = "FACIALR1_TEST_VARIABLE_THAT_IS_NOT_SET" },
            },
        }), TimeProvider.System);
        var catalog = new CheckpointCatalog(folder.Paths, remotes);

        Assert.Equal(["mini", "remote:a", "remote:b"], catalog.All().Select(entry => entry.Name));
        Assert.Equal("mini", catalog.All().DefaultChoice()!.Name);
        var b = catalog.Find("remote:b")!;
        Assert.Equal(("localhost:8000", "Qwen/Qwen2.5-VL-3B-Instruct", null as string, null as string), (b.Remote!.Host, b.Title, b.Folder, b.Problem));
        Assert.Equal("2.5 USD a million prompt tokens, 10 USD a million answer tokens", b.Remote.Price);
        Assert.Contains("FACIALR1_TEST_VARIABLE_THAT_IS_NOT_SET", catalog.Find("remote:a")!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_behind_a_server_stays_while_checkpoints_come_and_go()
    {
        using var folder = new PortalFolder();
        foreach (var name in (string[])["a", "b"]) folder.AddCheckpoint(name);
        using var remotes = new RemoteModels(Options.Create(new RemoteOptions { Models = { ["x"] = new() { Url = "http://localhost:1/v1", Model = "m" } } }), TimeProvider.System);
        await using var pool = new ModelPool(new CheckpointCatalog(folder.Paths, remotes), new ReasoningModelFactory(remotes, TimeProvider.System), Options.Create(new InferenceOptions { LoadedCheckpoints = 1 }));

        var first = pool.Rent("remote:x");
        var model = first.Model;
        await first.DisposeAsync();
        await pool.Rent("a").DisposeAsync();
        await pool.Rent("b").DisposeAsync();

        Assert.Same(model, pool.Rent("remote:x").Model);
    }

    private static Task<List<ResultRow>> AnswerAsync(RemoteFixture remote, Benchmark benchmark, ResultFile file, int concurrency = 3)
    {
        var evaluation = new BenchmarkEvaluation(remote.Model, DecodingOptions.Greedy) { AtOnce = concurrency };
        return remote.WhileTimePassesAsync(Task.Run(async () =>
        {
            var rows = new List<ResultRow>();
            await foreach (var row in evaluation.AnswerAsync(benchmark, file, CancellationToken.None)) rows.Add(row);
            return rows;
        }));
    }

    private static Benchmark Faces(int count) => new(
        "faces", [6, 12], "made up", "0", [.. Enumerable.Range(0, count).Select(number => new BenchmarkSample($"s{number}", $"s{number}.png", new ResponseLabels(Emotion.Happiness, [6, 12])))])
    {
        Open = _ => new RgbImage(4, 4, new byte[48]),
    };

    private static ResultHeader Header(int count) => new()
    {
        Model = "remote:tiny", Server = "server:1", ServerModel = "tiny-vl", Benchmark = "faces", DataSha256 = "0", Samples = count, SampleIdsSha256 = Faces(count).SampleIdsSha256,
        ActionUnits = ["AU6", "AU12"], LabelNote = "made up", Prompt = "p", Decoding = DecodingOptions.Greedy,
    };
}
