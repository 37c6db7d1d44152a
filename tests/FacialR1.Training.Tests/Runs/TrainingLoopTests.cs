using System.Text.Json.Nodes;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Runs;

[Collection(RandomNumbers.Name)]
public sealed class TrainingLoopTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-run-");

    static TrainingLoopTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void A_stopped_run_goes_on_to_the_same_losses_as_an_unbroken_one()
    {
        Assert.True(Run("whole", stopAfter: null));
        Assert.False(Run("broken", stopAfter: 5));
        Assert.Equal("stopped", Open("broken").Status);
        Assert.True(Run("broken", stopAfter: null));
        Assert.Equal(Losses("whole"), Losses("broken"));
        Assert.Equal("completed", Open("broken").Status);
    }

    [Fact]
    public void Events_are_numbered_without_gaps_and_a_half_written_line_is_dropped()
    {
        Run("cut", stopAfter: 3);
        var file = Open("cut").EventFile;
        File.AppendAllText(file, """{"sequence":99,"kind":"st""");
        Run("cut", stopAfter: null);
        var numbers = File.ReadLines(file).Select(line => (long)JsonNode.Parse(line)!["sequence"]!).ToArray();
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => (long)number), numbers);
    }

    [Fact]
    public void Another_configuration_in_the_same_folder_is_refused()
    {
        Run("mine", stopAfter: null);
        var error = Assert.Throws<InvalidOperationException>(() => RunFolder.CreateOrOpen(Path.Combine(folder.FullName, "mine"), new JsonObject { ["seed"] = 2 }));
        Assert.Contains("seed is 1, not 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_written_down_and_passed_on()
    {
        var run = Open("bad");
        Assert.Throws<InvalidOperationException>(() => new TrainingLoop(run, TimeProvider.System).Run([() => throw new InvalidOperationException("no data")], CancellationToken.None));
        Assert.Equal("failed", run.Status);
        Assert.Contains("no data", File.ReadAllText(run.EventFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_completed_only_after_its_conclusion_which_is_begun_anew_when_it_was_cut_off()
    {
        var run = Open("concluded");
        List<string> seen = [];
        bool Go(Action<CancellationToken> conclude) => new TrainingLoop(run, TimeProvider.System) { Conclude = conclude }.Run([() => new LinePhase(_ => { })], CancellationToken.None);

        Assert.False(Go(stopping =>
        {
            seen.Add(run.Status!);
            run.Ask(RunRequest.Stop);
            stopping.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
            stopping.ThrowIfCancellationRequested();
        }));
        Assert.Equal(RunFolder.Stopped, run.Status);

        var losses = Losses("concluded");
        Assert.True(Go(_ => seen.Add(run.Status!)));
        Assert.Equal([RunFolder.Running, RunFolder.Running], seen);
        Assert.Equal(RunFolder.Completed, run.Status);
        Assert.Equal(losses, Losses("concluded"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private RunFolder Open(string name) => RunFolder.CreateOrOpen(Path.Combine(folder.FullName, name), new JsonObject { ["seed"] = 1 });

    private bool Run(string name, int? stopAfter)
    {
        using var stop = new CancellationTokenSource();
        return new TrainingLoop(Open(name), TimeProvider.System).Run([() => new LinePhase(step => { if (step == stopAfter) stop.Cancel(); })], stop.Token);
    }

    private double[] Losses(string name) =>
        [.. File.ReadLines(Open(name).EventFile).Select(line => JsonNode.Parse(line)!).Where(line => (string)line["kind"]! == "step").Select(line => (double)line["loss"]!)];

    /// <summary>Fits a line through noise that depends on the step, with dropout, so that random state matters.</summary>
    private sealed class LinePhase(Action<long> afterStep) : ITrainingPhase
    {
        private readonly Tensor weight = ones(8).requires_grad_(true);
        private AdamW? optimizer;

        public string Name => "line";
        public long Steps => 12;
        public long StepsPerEpoch => 4;
        public int BatchSize => 1;
        private AdamW Optimizer => optimizer ??= new AdamW([("weight", weight)]);

        public IReadOnlyDictionary<string, double> Step(long step)
        {
            using var scope = NewDisposeScope();
            Optimizer.ZeroGradients();
            var loss = (nn.functional.dropout(weight, 0.5, training: true) - rand(8)).square().sum();
            loss.backward();
            Optimizer.Step(0.05);
            afterStep(step);
            return new Dictionary<string, double> { ["loss"] = loss.item<float>() };
        }

        public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken) => new Dictionary<string, double> { ["val_n"] = 0 };
        public IEnumerable<(string Name, Tensor Value)> State() => Optimizer.State().Prepend(("weight", weight));
        public void Resumed(long step) => Optimizer.Resume(step);
        public void Completed() { }
        public void Dispose() => optimizer?.Dispose();
    }
}
