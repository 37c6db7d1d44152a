using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tests.Runs;

/// <summary>Real child processes with the real training loop; only the phase costs nothing.</summary>
public sealed class RunDeskTests : IDisposable
{
    private readonly RunsFolder runs = new();

    [Fact]
    public async Task Runs_wait_for_their_device_and_run_one_after_the_other()
    {
        runs.Open();
        var first = await SubmitAsync(epochs: 500, milliseconds: 20);
        var second = await SubmitAsync(epochs: 1, milliseconds: 0);
        await runs.UntilAsync(first, run => run.State == RunState.Running && run.Step > 0);
        Assert.Equal((RunState.Queued, 1), ((await runs.UntilAsync(second, _ => true)).State, runs.Catalog.Find(second)!.QueuePlace));

        await runs.Desk.StopAsync(first, CancellationToken.None);
        await runs.UntilAsync(first, run => run.State == RunState.Stopped);
        var done = await runs.UntilAsync(second, run => run.State == RunState.Completed);
        Assert.Equal(("second", 10), (done.Phase, done.Step));
        var times = new[] { first, second }.Select(id => new RunEventReader(runs.At(id).EventFile).Read(int.MaxValue)).ToArray();
        Assert.True(times[0][^1].Time <= times[1][0].Time, "both ran at once");
    }

    [Fact]
    public async Task A_run_is_paused_resumed_and_finished_early()
    {
        runs.Open();
        var id = await SubmitAsync(epochs: 500, milliseconds: 20);
        await runs.UntilAsync(id, run => run.State == RunState.Running && run.Step > 0);
        await runs.Desk.PauseAsync(id, CancellationToken.None);
        await runs.UntilAsync(id, run => run.State == RunState.Paused);
        await runs.Desk.ResumeAsync(id, CancellationToken.None);
        await runs.UntilAsync(id, run => run is { State: RunState.Running, Phase: "second", Step: > 0 });
        await runs.Desk.FinishAsync(id, CancellationToken.None);
        var done = await runs.UntilAsync(id, run => run.State == RunState.Completed);
        Assert.True(done.Step < done.Steps);
        await Assert.ThrowsAsync<RunDeskException>(() => runs.Desk.ResumeAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_new_portal_finds_the_children_of_the_last_one_and_a_killed_one_can_be_resumed()
    {
        runs.Open();
        var id = await SubmitAsync(epochs: 20, milliseconds: 5);
        await runs.UntilAsync(id, run => run.State == RunState.Running && run.Step > 0);
        var child = runs.At(id).Process!;
        await runs.RestartAsync();
        Assert.Equal(RunState.Running, (await runs.UntilAsync(id, _ => true)).State);
        Assert.True(child.IsAlive);

        await runs.Desk.KillAsync(id, CancellationToken.None);
        var dead = await runs.UntilAsync(id, run => run.State == RunState.Interrupted);
        Assert.True(dead.CanResume);
        await runs.Desk.ResumeAsync(id, CancellationToken.None);
        var done = await runs.UntilAsync(id, run => run.State == RunState.Completed);
        var steps = new RunEventReader(runs.At(id).EventFile).Read(int.MaxValue).Where(read => read is { Kind: "step", Phase: "second" }).Select(read => read.Step!.Value);
        Assert.Equal(Enumerable.Range(1, 200).Select(step => (long)step), steps);
        Assert.NotEqual(child.Process, runs.At(id).Process!.Process);
        Assert.Equal(200, done.Step);
    }

    [Fact]
    public async Task A_run_that_never_began_says_why()
    {
        // The refusing seed ends before the loop takes the run; the loop's own message would be in the log.
        runs.Open();
        var id = await SubmitAsync(epochs: 1, milliseconds: 0, seed: 13);
        var failed = await runs.UntilAsync(id, run => run.State == RunState.Failed);
        Assert.False(string.IsNullOrEmpty(failed.Problem));
        Assert.True(failed.CanResume);
    }

    [Fact]
    public async Task A_queued_run_can_be_taken_back_and_put_back()
    {
        var id = await SubmitAsync(epochs: 1, milliseconds: 0);   // no queue runs
        await runs.Desk.StopAsync(id, CancellationToken.None);
        Assert.Equal(RunState.Stopped, runs.Catalog.Find(id)!.State);
        await runs.Desk.ResumeAsync(id, CancellationToken.None);
        Assert.Equal(RunState.Queued, runs.Catalog.Find(id)!.State);
        await Assert.ThrowsAsync<RunDeskException>(() => runs.Desk.PauseAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Before_the_start_the_difference_to_the_last_run_of_the_kind_is_shown()
    {
        runs.Open();
        var first = await SubmitAsync(epochs: 1, milliseconds: 0, seed: 1);
        await runs.UntilAsync(first, run => run.State == RunState.Completed);
        var preview = await runs.Desk.PreviewAsync(new RunSubmission("sft", RunsFolder.Options(epochs: 2, milliseconds: 0, seed: 7), "cpu"), CancellationToken.None);
        Assert.Equal(first, preview.Previous);
        Assert.Equal([new("seed", "1", "7"), new("phases.second.epochs", "1", "2")], preview.Changes);
        Assert.StartsWith("train sft --data=", preview.CommandLine, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<RunFormException>(() => runs.Desk.PreviewAsync(new RunSubmission("sft", RunsFolder.Options(2, 0), "gpu"), CancellationToken.None));
        Assert.Contains("The device is one of cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_may_begin_from_what_another_run_has_left()
    {
        foreach (var name in (string[])["tower", "final"])
        {
            var left = Directory.CreateDirectory(Path.Combine(runs.Folder, "earlier", "checkpoints", name)).FullName;
            foreach (var file in (string[])["config.json", "model.safetensors"]) File.WriteAllText(Path.Combine(left, file), "");
        }

        var starts = runs.Desk.Forms().Single(form => form.Command == "base").Fields.Single(field => field.Option == "--checkpoint").Choices;
        Assert.Equal(["earlier/final", "earlier/tower"], starts);
    }

    [Fact]
    public async Task Texts_of_a_synthesis_run_can_be_chosen_to_learn_from()
    {
        foreach (var name in (string[])["config.json", "model.safetensors"])
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(runs.Folder, "earlier", "checkpoints", "final")).FullName, name), "");
        var written = Directory.CreateDirectory(Path.Combine(runs.Folder, "written")).FullName;
        File.WriteAllText(Path.Combine(written, "synthesis.jsonl"), "");
        var options = new Dictionary<string, string> { ["--data"] = "faces", ["--checkpoint"] = "earlier/final", ["--accepted"] = "written" };
        var id = await runs.Desk.SubmitAsync(new RunSubmission("few", options, "cpu"), CancellationToken.None);
        Assert.Contains($"--accepted={written}", RunLaunch.Read(runs.At(id).Path)!.Arguments);
        options["--accepted"] = "../earlier";
        await Assert.ThrowsAsync<RunFormException>(() => runs.Desk.SubmitAsync(new RunSubmission("few", options, "cpu"), CancellationToken.None));
    }

    [Fact]
    public async Task Names_that_were_chosen_reach_the_command_as_folders()
    {
        var left = Directory.CreateDirectory(Path.Combine(runs.Folder, "earlier", "checkpoints", "final")).FullName;
        foreach (var file in (string[])["config.json", "model.safetensors"]) File.WriteAllText(Path.Combine(left, file), "");
        var id = await runs.Desk.SubmitAsync(new RunSubmission("grpo", new Dictionary<string, string> { ["--data"] = "faces", ["--checkpoint"] = "earlier/final" }, "cpu"), CancellationToken.None);
        var launch = RunLaunch.Read(runs.At(id).Path)!;
        Assert.Contains($"--checkpoint={left}", launch.Arguments);
        Assert.Equal(("earlier/final", "earlier/final", "faces"), (launch.Parent, launch.Options["--checkpoint"], Path.GetFileName(launch.DataFolder)));
    }

    public void Dispose() => runs.Dispose();

    private Task<string> SubmitAsync(int epochs, int milliseconds, int seed = 1) =>
        runs.Desk.SubmitAsync(new RunSubmission("sft", RunsFolder.Options(epochs, milliseconds, seed), "cpu"), CancellationToken.None);
}
