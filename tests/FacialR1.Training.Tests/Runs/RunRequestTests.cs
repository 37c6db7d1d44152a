using FacialR1.TestKit;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Tests.Runs;

[Collection(RandomNumbers.Name)]
public sealed class RunRequestTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder folder = new();

    static RunRequestTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public async Task A_paused_run_is_saved_and_waits_and_goes_on_to_the_same_steps()
    {
        var (whole, paused) = (Open("whole"), Open("paused"));
        Run(whole, pause: 0, steps: 400);
        var training = Task.Run(() => Run(paused, pause: 10, steps: 400));
        await UntilAsync(() => Events(paused).Any(read => read.Kind == "step"));
        paused.Ask(RunRequest.Pause);
        await UntilAsync(() => paused.Status == RunFolder.Paused);
        var atPause = Events(paused).Count;
        await Task.Delay(200);
        Assert.Equal(atPause, Events(paused).Count);
        Assert.True(File.Exists(Path.Combine(paused.CheckpointFolder, "line.state.safetensors")));

        paused.Ask(RunRequest.None);
        Assert.True(await training.WaitAsync(Patience));
        Assert.Equal(Losses(whole), Losses(paused));
        Assert.Equal(["paused", "continued"], Events(paused).Select(read => read.Kind).Where(kind => kind is "paused" or "continued"));
    }

    [Fact]
    public async Task A_run_that_finishes_early_is_saved_measured_and_not_taken_up_again()
    {
        var run = Open("early");
        var training = Task.Run(() => Run(run, pause: 10, steps: 10_000));
        await UntilAsync(() => Events(run).Count(read => read.Kind == "step") > 2);
        run.Ask(RunRequest.Finish);
        Assert.True(await training.WaitAsync(Patience));
        var early = Assert.Single(Events(run), read => read.Kind == "finished_early");
        Assert.Equal(early.Step, Events(run).Last(read => read.Kind == "validation").Step);
        Assert.Equal("completed", run.Status);

        Assert.True(Run(run, pause: 0, steps: 10_000));
        Assert.Equal(early.Step, Losses(run).Count);
    }

    [Fact]
    public async Task A_stop_reaches_a_paused_run_and_is_not_remembered_by_the_next_process()
    {
        var (whole, run) = (Open("whole"), Open("stopped"));
        Run(whole, pause: 0, steps: 400);
        var training = Task.Run(() => Run(run, pause: 10, steps: 400));
        await UntilAsync(() => Events(run).Any(read => read.Kind == "step"));
        run.Ask(RunRequest.Pause);
        await UntilAsync(() => run.Status == RunFolder.Paused);
        run.Ask(RunRequest.Stop);
        Assert.False(await training.WaitAsync(Patience));
        Assert.Equal(("stopped", RunRequest.None), (run.Status, run.Asked()));

        Assert.True(Run(run, pause: 0, steps: 400));
        Assert.Equal(Losses(whole), Losses(run));
    }

    [Fact]
    public void What_was_asked_of_an_earlier_process_does_not_count()
    {
        var run = Open("old");
        run.Ask(RunRequest.Stop);
        Assert.Equal(RunRequest.Stop, run.Asked());
        File.SetLastWriteTimeUtc(Path.Combine(run.Path, "control"), DateTime.UtcNow.AddDays(-1));
        Assert.Equal(RunRequest.None, run.Asked());
    }

    [Fact]
    public void A_validation_that_a_stop_interrupts_is_made_up_for()
    {
        var run = Open("validating");
        using var stop = new CancellationTokenSource();
        Assert.False(new TrainingLoop(run, TimeProvider.System).Run([() => new SlowToValidate(stop)], stop.Token));
        Assert.Equal("stopped", run.Status);
        Assert.DoesNotContain(Events(run), read => read.Kind is "validation" or "failed");
        Assert.True(Run(run, pause: 0));
        Assert.Equal([6, 12, 18, 24, 30], Events(run).Where(read => read.Kind == "validation").Select(read => (int)read.Step!.Value));
    }

    public void Dispose() => folder.Dispose();

    private RunFolder Open(string name) => RunFolder.CreateOrOpen(folder.File(name), []);

    private static bool Run(RunFolder run, int pause, long steps = 30) =>
        new TrainingLoop(run, TimeProvider.System).Run([() => new LinePhase("line", steps, 6, TimeSpan.FromMilliseconds(pause))], CancellationToken.None);

    private static IReadOnlyList<RunEvent> Events(RunFolder run) => new RunEventReader(run.EventFile).Read(int.MaxValue);

    private static List<double?> Losses(RunFolder run) => [.. Events(run).Where(read => read.Kind == "step").Select(read => read.Values["loss"])];

    private static async Task UntilAsync(Func<bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < until);
            await Task.Delay(5);
        }
    }

    /// <summary>Someone stops the run while it validates for the first time.</summary>
    private sealed class SlowToValidate(CancellationTokenSource stop) : ITrainingPhase
    {
        private readonly LinePhase phase = new("line", 30, 6, TimeSpan.Zero);

        public string Name => phase.Name;
        public long Steps => phase.Steps;
        public long StepsPerEpoch => phase.StepsPerEpoch;
        public int BatchSize => phase.BatchSize;
        public IReadOnlyDictionary<string, double> Step(long step) => phase.Step(step);
        public IEnumerable<(string Name, TorchSharp.torch.Tensor Value)> State() => phase.State();
        public void Resumed(long step) => phase.Resumed(step);
        public void Completed() => phase.Completed();
        public void Dispose() => phase.Dispose();

        public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
        {
            stop.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return phase.Validate(cancellationToken);
        }
    }
}
