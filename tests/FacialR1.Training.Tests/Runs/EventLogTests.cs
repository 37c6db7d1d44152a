using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using FacialR1.TestKit;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Tests.Runs;

[Collection(RandomNumbers.Name)]
public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    static EventLogTests() => TorchLibrary.EnsureLoaded();

    private string LogFile => folder.File("events.jsonl");

    [Theory]
    [InlineData("{\"sequence\":4,\"kind\":\"st")]
    [InlineData("garbage\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("{\"sequence\":4,\"time\":\"2026-11-23T00:00:00Z\",\"ki\n{\"also\":\"no event\"}\n")]
    public void A_damaged_end_is_cut_off_and_reported_and_its_number_used_anew(string tail)
    {
        Write(3);
        File.AppendAllText(LogFile, tail);
        using (var log = new EventLog(LogFile, TimeProvider.System))
        {
            Assert.Equal(Encoding.UTF8.GetByteCount(tail), log.Repair!.Bytes);
            log.Append("step", []);
        }

        Assert.Equal([1, 2, 3, 4], All().Select(read => read.Sequence));
        using var again = new EventLog(LogFile, TimeProvider.System);
        Assert.Null(again.Repair);
    }

    [Fact]
    public void A_run_says_that_its_log_was_repaired()
    {
        var run = RunFolder.CreateOrOpen(folder.File("run"), []);
        Assert.True(new TrainingLoop(run, TimeProvider.System).Run([], CancellationToken.None));
        File.AppendAllText(run.EventFile, "half a li");
        Assert.True(new TrainingLoop(run, TimeProvider.System).Run([], CancellationToken.None));
        var repaired = Assert.Single(new RunEventReader(run.EventFile).Read(), read => read.Kind == "repaired");
        Assert.Equal(9, repaired.Values["bytes"]);
        Assert.Equal("half a li", repaired.Texts["text"]);
    }

    [Fact]
    public void A_reader_waits_for_the_rest_of_a_line_and_never_sees_what_is_cut_off()
    {
        Write(2);
        var reader = new RunEventReader(LogFile);
        Assert.Equal(2, reader.Read().Count);
        File.AppendAllText(LogFile, "not an event\nnor this\n");
        Assert.Empty(reader.Read());
        Write(1);
        Assert.Equal(3, Assert.Single(reader.Read()).Sequence);
        Assert.Equal(0, reader.DamagedLines);
    }

    [Fact]
    public void Damage_in_the_middle_is_passed_over_and_counted()
    {
        Write(5);
        var lines = File.ReadAllLines(LogFile);
        lines[1] = "#" + lines[1];
        File.WriteAllLines(LogFile, lines);
        var reader = new RunEventReader(LogFile);
        Assert.Equal([1, 3, 4, 5], reader.Read().Select(read => read.Sequence));
        Assert.Equal(1, reader.DamagedLines);
    }

    [Fact]
    public void Reading_in_pieces_of_any_size_from_any_number_gives_the_rest_once_and_in_order()
    {
        Write(300);
        Gen.Select(Gen.Int[0, 320], Gen.Int[1, 70]).Sample(sizes =>
        {
            var (after, piece) = sizes;
            var reader = new RunEventReader(LogFile, after);
            var seen = new List<long>();
            while (reader.Read(piece) is { Count: > 0 } events) seen.AddRange(events.Select(read => read.Sequence));
            Assert.Equal(Enumerable.Range(1, 300).Where(number => number > after).Select(number => (long)number), seen);
        }, iter: 40);
    }

    [Fact]
    public void A_long_line_does_not_stop_the_reader()
    {
        using (var log = new EventLog(LogFile, TimeProvider.System)) log.Append("failed", new JsonObject { ["error"] = new string('x', 300_000) });
        Write(1);
        var events = All();
        Assert.Equal(300_000, events[0].Texts["error"].Length);
        Assert.Equal(2, events[1].Sequence);
    }

    [Fact]
    public void No_line_makes_the_parser_throw() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        _ = RunEvent.TryParse(bytes, out _);
        _ = RunEvent.TryParse([.. "{\"sequence\":1,\"time\":\"2026-11-23T00:00:00Z\",\"kind\":\"step\","u8, .. bytes], out _);
    }, iter: 2000);

    [Theory]
    [InlineData(60)]
    [InlineData(500)]
    [InlineData(2_000)]
    [InlineData(3_333)]
    public void On_a_full_disk_the_run_fails_with_a_way_out_and_goes_on_to_the_same_steps(long room)
    {
        var (whole, full) = (Open("whole"), Open("full"));
        Assert.True(Loop(whole).Run(Phases(), CancellationToken.None));
        var error = Assert.ThrowsAny<IOException>(() => Loop(full, room).Run(Phases(), CancellationToken.None));
        Assert.Contains("Make room on the disk", error.Message, StringComparison.Ordinal);
        Assert.Equal("failed", full.Status);
        Assert.True(File.ReadAllText(full.EventFile) is "" or [.., '\n'], "a half line was left");

        Assert.True(Loop(full).Run(Phases(), CancellationToken.None));
        var (expected, seen) = (Steps(whole), Steps(full));
        Assert.Equal(expected, seen);
        Assert.Equal(File.ReadAllBytes(State(whole)), File.ReadAllBytes(State(full)));
        var numbers = new RunEventReader(full.EventFile).Read(int.MaxValue).Select(read => read.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
    }

    [Fact]
    public void Steps_that_come_out_differently_after_a_restart_are_reported_once()
    {
        var run = Open("changed");
        Assert.True(Loop(run).Run(Phases(), CancellationToken.None));
        // As if the state were older and the steps had been others: the log says another loss for two of them.
        File.Delete(State(run));
        var lines = File.ReadAllLines(run.EventFile);
        foreach (var (line, index) in lines.Select((line, index) => (line, index)).Where(row => row.line.Contains("\"loss\":", StringComparison.Ordinal)).Skip(3).Take(2).ToList())
            lines[index] = System.Text.RegularExpressions.Regex.Replace(line, "\"loss\":[0-9.]+", "\"loss\":99");
        File.WriteAllLines(run.EventFile, lines);
        Assert.True(Loop(run).Run(Phases(), CancellationToken.None));

        var diverged = Assert.Single(new RunEventReader(run.EventFile).Read(int.MaxValue), read => read.Kind == "diverged");
        Assert.Equal((4, 99), (diverged.Step, diverged.Values["logged"]));
        Assert.Equal("loss", diverged.Texts["series"]);
    }

    public void Dispose() => folder.Dispose();

    private void Write(int count)
    {
        using var log = new EventLog(LogFile, TimeProvider.System);
        for (var i = 0; i < count; i++) log.Append("step", new JsonObject { ["phase"] = "text", ["step"] = log.Sequence + 1, ["loss"] = 1.5 });
    }

    private IReadOnlyList<RunEvent> All() => new RunEventReader(LogFile).Read(int.MaxValue);

    private RunFolder Open(string name) => RunFolder.CreateOrOpen(folder.File(name), new JsonObject { ["seed"] = 1 });

    private static TrainingLoop Loop(RunFolder run, long? room = null) => new(run, TimeProvider.System) { OpenLog = room is { } bytes ? path => new FailingStream(path, bytes) : null };

    private static Func<ITrainingPhase>[] Phases() => [() => new LinePhase("line", 30, 6, TimeSpan.Zero)];

    private static List<string> Steps(RunFolder run) =>
        [.. new RunEventReader(run.EventFile).Read(int.MaxValue).Where(read => read.Kind is "step" or "validation").Select(read => $"{read.Kind} {read.Step} {read.Values.GetValueOrDefault("loss")} {read.Values.GetValueOrDefault("val_mean")}")];

    private static string State(RunFolder run) => Path.Combine(run.CheckpointFolder, "line.state.safetensors");
}
