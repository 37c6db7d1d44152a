using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Datasets;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Tests.Evaluations;

public sealed class EvaluationRunTests : IDisposable
{
    private const int Samples = 30;
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("facialr1-evaluation-");

    private static readonly Benchmark Drawn = new("drawn/test", [6, 12], "Made for a test.", new string('d', 64),
        [.. Enumerable.Range(0, Samples).Select(number => new BenchmarkSample($"s{number:00}", $"{number}.png", new(Emotion.Happiness, [6, 12])))])
    {
        Open = sample => new RgbImage(4, 4, [.. Enumerable.Repeat((byte)int.Parse(sample.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), 48)]),
    };

    [Fact]
    public async Task Answers_stand_in_the_order_of_the_benchmark_whoever_finishes_first()
    {
        var model = new SlowFirst();
        using var file = Open();
        var rows = new List<string>();
        await foreach (var row in new BenchmarkEvaluation(model, DecodingOptions.Greedy) { AtOnce = 4 }.AnswerAsync(Drawn, file, CancellationToken.None)) rows.Add(row.Sample);
        Assert.Equal(Drawn.Samples.Select(sample => sample.Id), rows);
        Assert.InRange(model.MostOpen, 2, 4);
    }

    [Fact]
    public async Task A_stopped_evaluation_goes_on_and_asks_no_stored_sample_again()
    {
        var model = new SlowFirst();
        var run = RunFolder.CreateOrOpen(Path.Combine(root.FullName, "run"), new JsonObject { ["kind"] = EvaluationRun.Kind });
        using (var file = Open())
        {
            var stored = 0;
            var isWhole = await Run(run, model, file, _ => { if (++stored == 10) run.Ask(RunRequest.Stop); });
            Assert.False(isWhole);
            Assert.Equal(RunFolder.Stopped, run.Status);
        }

        using (var file = Open())
        {
            Assert.InRange(file.Rows.Count, 10, Samples - 1);
            var (before, asked) = (file.Rows.Count, model.Asked.Count);
            Assert.True(await Run(run, model, file, _ => { }));
            Assert.Equal(Samples - before, model.Asked.Count - asked);
        }

        Assert.Equal(RunFolder.Completed, run.Status);
        Assert.Equal(Drawn.Samples.Select(sample => sample.Id), ResultFile.Load(FilePath).Set.Rows.Select(row => row.Sample));
        var events = new RunEventReader(run.EventFile).Read(int.MaxValue);
        Assert.Equal((Samples, Samples), (events.Last(read => read.Kind == "step").Step, events.Last(read => read.Kind == "step").Steps));
        Assert.Contains(events, read => read.Kind == "resumed");
    }

    [Fact]
    public async Task A_paused_evaluation_asks_nothing_until_it_goes_on()
    {
        var model = new SlowFirst();
        var run = RunFolder.CreateOrOpen(Path.Combine(root.FullName, "run"), new JsonObject { ["kind"] = EvaluationRun.Kind });
        using var file = Open();
        var stored = 0;
        var evaluation = Run(run, model, file, _ => { if (++stored == 5) run.Ask(RunRequest.Pause); });
        for (var wait = 0; run.Status != RunFolder.Paused; wait++)
        {
            Assert.True(wait < 3000, "It never paused.");
            await Task.Delay(10);
        }

        await Task.Delay(100);
        var asked = model.Asked.Count;
        await Task.Delay(300);
        Assert.Equal(asked, model.Asked.Count);
        run.Ask(RunRequest.None);
        Assert.True(await evaluation);
        Assert.Equal(Samples, model.Asked.Count);
    }

    [Fact]
    public async Task What_was_answered_before_a_failure_is_kept_and_the_run_says_why()
    {
        var model = new SlowFirst { FailsAt = 12 };
        var run = RunFolder.CreateOrOpen(Path.Combine(root.FullName, "run"), new JsonObject { ["kind"] = EvaluationRun.Kind });
        using (var file = Open()) await Assert.ThrowsAsync<ModelUnavailableException>(() => Run(run, model, file, _ => { }));
        Assert.Equal(RunFolder.Failed, run.Status);
        Assert.Equal("The server is gone.", new RunEventReader(run.EventFile).Read(int.MaxValue)[^1].Texts["error"]);
        Assert.True(ResultFile.Load(FilePath).Set.Rows.Count >= 12 - 2 * 4);
    }

    private string FilePath => Path.Combine(root.FullName, "result.jsonl");

    private ResultFile Open() => ResultFile.CreateOrContinue(FilePath, new ResultHeader
    {
        Model = "scripted", Benchmark = Drawn.Name, DataSha256 = Drawn.Sha256, Samples = Samples, SampleIdsSha256 = Drawn.SampleIdsSha256, ActionUnits = ["AU6", "AU12"], LabelNote = Drawn.LabelNote, Prompt = "p", Decoding = DecodingOptions.Greedy,
    });

    private static Task<bool> Run(RunFolder run, IReasoningModel model, ResultFile file, Action<string> told) => Task.Run(() => new EvaluationRun(run, TimeProvider.System).RunAsync(
        Drawn, beforeEach => new BenchmarkEvaluation(model, DecodingOptions.Greedy) { AtOnce = 4, BeforeEach = beforeEach }, file, new Told(told), CancellationToken.None));

    public void Dispose() => root.Delete(recursive: true);

    private sealed class Told(Action<string> tell) : IProgress<Analysis.Comparison.ResultRow>
    {
        public void Report(Analysis.Comparison.ResultRow value) => tell(value.Sample);
    }

    /// <summary>Each fourth picture takes longer than the others.</summary>
    private sealed class SlowFirst : IReasoningModel
    {
        private int open;

        public List<int> Asked { get; } = [];
        public int MostOpen { get; private set; }
        public int? FailsAt { get; init; }

        public async IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            int number = ImageReader.Read(request.Image).Row(0)[0];
            lock (Asked)
            {
                Asked.Add(number);
                MostOpen = Math.Max(MostOpen, ++open);
            }

            try
            {
                await Task.Delay(number % 4 == 0 ? 25 : 2, cancellationToken);
                if (number == FailsAt) throw new ModelUnavailableException("The server is gone.");
            }
            finally { lock (Asked) open--; }
            yield return ScriptedModel.Finished(ScriptedModel.Smile);
        }
    }
}
