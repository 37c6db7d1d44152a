using FacialR1.TestKit;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Tests.Runs;

[Collection(RandomNumbers.Name)]
public sealed class RunSequenceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder folder = new();

    static RunSequenceTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Each_finished_part_is_a_step_with_what_it_came_to()
    {
        var whole = Open("whole");
        Assert.True(Run(whole, pause: 0));
        var events = Events(whole);
        Assert.Equal(["started", "part", "step", "part", "step", "completed"], events.Select(read => read.Kind));
        Assert.Equal(["whole-first", "whole-second"], events.Where(read => read.Kind == "part").Select(read => read.Texts["run"]));
        Assert.Equal([(1L, 30.0), (2L, 30.0)], events.Where(read => read.Kind == "step").Select(read => (read.Step!.Value, read.Values["val_steps"]!.Value)));
        Assert.Equal(RunFolder.Completed, whole.Status);
    }

    [Fact]
    public async Task What_is_asked_of_the_sequence_reaches_the_part_at_work()
    {
        var whole = Open("asked");
        var training = Task.Run(() => Run(whole, pause: 10, steps: 10_000));
        var (first, second) = (RunFolder.At(folder.File("asked-first")), RunFolder.At(folder.File("asked-second")));
        await UntilAsync(() => Events(first).Any(read => read.Kind == "step"));
        whole.Ask(RunRequest.Pause);
        await UntilAsync(() => (first.Status, whole.Status) == (RunFolder.Paused, RunFolder.Paused));
        whole.Ask(RunRequest.None);
        await UntilAsync(() => (first.Status, whole.Status) == (RunFolder.Running, RunFolder.Running));
        whole.Ask(RunRequest.Finish);
        await UntilAsync(() => Events(second).Any(read => read.Kind == "step"));
        Assert.Equal(RunFolder.Completed, first.Status);

        whole.Ask(RunRequest.Stop);
        Assert.False(await training.WaitAsync(Patience));
        Assert.Equal((RunFolder.Stopped, RunFolder.Stopped, RunRequest.None), (second.Status, whole.Status, whole.Asked()));
        Assert.Equal(["started", "part", "paused", "continued", "step", "part", "stopped"], Events(whole).Select(read => read.Kind));
    }

    [Fact]
    public void A_stopped_sequence_goes_on_and_says_nothing_twice()
    {
        var whole = Open("broken");
        using (var stop = new CancellationTokenSource())
            Assert.False(Run(whole, pause: 0, opened: part => { if (part.Id.EndsWith("second", StringComparison.Ordinal)) stop.Cancel(); }, stop: stop.Token));
        Assert.True(Run(whole, pause: 0));
        Assert.Equal(["started", "part", "step", "part", "stopped", "resumed", "step", "completed"], Events(whole).Select(read => read.Kind));
    }

    [Fact]
    public void A_part_that_fails_fails_the_sequence()
    {
        var whole = Open("bad");
        Assert.Throws<InvalidDataException>(() => new RunSequence(whole, TimeProvider.System).Run((_, _) => throw new InvalidDataException("no data"), Measure, CancellationToken.None));
        Assert.Equal(RunFolder.Failed, whole.Status);
        Assert.Equal("no data", Events(whole)[^1].Texts["error"]);
    }

    public void Dispose() => folder.Dispose();

    private RunFolder Open(string name) => RunFolder.CreateOrOpen(folder.File(name), []);

    private bool Run(RunFolder whole, int pause, long steps = 30, Action<RunFolder>? opened = null, CancellationToken stop = default) => new RunSequence(whole, TimeProvider.System).Run((begins, stopping) =>
    {
        foreach (var name in (string[])["first", "second"])
        {
            var part = Open($"{whole.Id}-{name}");
            begins(part);
            opened?.Invoke(part);
            if (!new TrainingLoop(part, TimeProvider.System).Run([() => new LinePhase("line", steps, 6, TimeSpan.FromMilliseconds(pause))], stopping)) return false;
        }

        return true;
    }, Measure, stop);

    private static Dictionary<string, double> Measure(RunFolder part) => new() { ["val_steps"] = Events(part).Count(read => read.Kind == "step") };

    private static IReadOnlyList<RunEvent> Events(RunFolder run) => new RunEventReader(run.EventFile).Read(int.MaxValue);

    private static async Task UntilAsync(Func<bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < until);
            await Task.Delay(5);
        }
    }
}
