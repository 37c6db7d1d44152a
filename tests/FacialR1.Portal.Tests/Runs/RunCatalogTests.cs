using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tests.Runs;

public sealed class RunCatalogTests : IDisposable
{
    private readonly RunsFolder runs = new();

    [Fact]
    public void A_run_shows_where_it_stands()
    {
        runs.Add("one", "running", steps: 10);
        var run = Assert.Single(runs.Catalog.Refresh());
        Assert.Equal(("one", "sft", "supervised", RunState.Running), (run.Id, run.Kind, run.Stage, run.State));
        Assert.Equal(("text", 2, 2, 10L, 1000L), (run.Phase, run.PhaseNumber, run.PhaseCount, run.Step, run.Steps));
        Assert.Equal(0.01, run.Fraction);
        Assert.Equal(0.1, run.Values["loss"], 6);
        Assert.Equal(50, run.SamplesPerSecond);
        Assert.NotNull(run.Remaining);
        Assert.Equal(("loss", 10), (run.Curve!.Series, run.Curve.Means.Count));
        Assert.Equal(11, run.Sequence);
    }

    [Fact]
    public void Nothing_new_gives_the_same_snapshot_and_a_new_event_another()
    {
        var folder = runs.Add("one", "running", steps: 1);
        var before = runs.Catalog.Refresh();
        Assert.Same(before, runs.Catalog.Refresh());
        using (var log = new EventLog(folder.EventFile, TimeProvider.System)) RunsFolder.Step(log, 2);
        Assert.Equal(2, Assert.Single(runs.Catalog.Refresh()).Step);
        Assert.Equal(["one"], RunChanges.Between(before, runs.Catalog.Current).Changed.Select(run => run.Id));
    }

    [Fact]
    public void A_run_whose_process_died_is_interrupted_and_one_of_another_machine_is_believed()
    {
        var dead = runs.Add("dead", "running", steps: 1);
        File.WriteAllText(Path.Combine(dead.Path, "process"), new ProcessIdentity(Environment.ProcessId, Environment.MachineName, "another start").ToJson());
        var far = runs.Add("far", "running", steps: 1);
        File.WriteAllText(Path.Combine(far.Path, "process"), new ProcessIdentity(1, "another-machine", "some start").ToJson());
        runs.Catalog.Refresh();
        Assert.Equal(RunState.Interrupted, runs.Catalog.Find("dead")!.State);
        Assert.Equal(RunState.Running, runs.Catalog.Find("far")!.State);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_says_so_and_harms_no_other()
    {
        runs.Add("good", "completed", steps: 1);
        File.WriteAllText(Path.Combine(runs.Add("bad", "completed").Path, "run.json"), "{ half");
        runs.Catalog.Refresh();
        Assert.Equal(RunState.Unknown, runs.Catalog.Find("bad")!.State);
        Assert.Contains("cannot be read", runs.Catalog.Find("bad")!.Problem, StringComparison.Ordinal);
        Assert.Equal(RunState.Completed, runs.Catalog.Find("good")!.State);
    }

    [Fact]
    public void The_reason_of_a_failure_is_shown()
    {
        var folder = runs.Add("bad", "failed");
        using (var log = new EventLog(folder.EventFile, TimeProvider.System)) log.Append("failed", new System.Text.Json.Nodes.JsonObject { ["error"] = "no data" });
        Assert.Equal("no data", Assert.Single(runs.Catalog.Refresh()).Problem);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("one/checkpoints")]
    [InlineData("")]
    public void Only_names_that_are_there_are_opened(string name)
    {
        runs.Add("one", "completed");
        Assert.Throws<KeyNotFoundException>(() => runs.Catalog.FolderOf(name));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(20_000)]
    public void A_small_curve_stays_small_and_keeps_the_course(int count)
    {
        var curve = new SmallCurve();
        for (var i = 0; i < count; i++) curve.Add(i);
        Assert.InRange(curve.Means.Count, Math.Min(count, SmallCurve.Capacity / 2), SmallCurve.Capacity);
        Assert.Equal(curve.Means.Order(), curve.Means);
        Assert.InRange(curve.Means[0], 0, count / 32.0);
        Assert.InRange(curve.Means[^1], count * 0.9 - 1, count);
    }

    public void Dispose() => runs.Dispose();
}
