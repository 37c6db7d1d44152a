using System.Diagnostics;
using FacialR1.TestKit;
using FacialR1.Training.Runs;

namespace FacialR1.Training.Tests.Runs;

/// <summary>The process dies, as on a power cut or when the system kills it, and is started again.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 20;
    private const string Epochs = "--text-epochs=60", StepTime = "--limit=3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Killed_at_twenty_random_moments_nothing_is_lost_or_doubled_and_every_step_is_the_same()
    {
        var (whole, killed) = (folder.File("whole"), folder.File("killed"));
        Assert.Equal(0, await TrainingProcess.RunAsync(whole, Epochs, StepTime));
        // A new seed each time: a moment that breaks it should be found some day; the message says which.
        var seed = Environment.TickCount;
        var moments = new Random(seed);
        for (var kill = 0; kill < Kills; kill++) await StartAndKillAsync(killed, moments);
        Assert.Equal(0, await TrainingProcess.RunAsync(killed, Epochs, StepTime));

        var (unbroken, broken) = (Read(whole), Read(killed));
        Assert.True(Enumerable.Range(1, broken.Count).Select(number => (long)number).SequenceEqual(broken.Select(read => read.Sequence)), $"numbers, seed {seed}");
        Assert.DoesNotContain(broken, read => read.Kind == "diverged");
        Assert.True(broken.Count(read => read.Kind == "resumed") > 3, "the kills came before anything began");
        foreach (var kind in (string[])["step", "validation", "checkpoint"])
            Assert.True(Facts(unbroken, kind).SequenceEqual(Facts(broken, kind)), $"{kind}, seed {seed}: {Facts(unbroken, kind).Count} and {Facts(broken, kind).Count}");
        foreach (var phase in (string[])["first", "second"])
            Assert.Equal(File.ReadAllBytes(State(whole, phase)), File.ReadAllBytes(State(killed, phase)));
        Assert.Equal("completed", RunFolder.At(killed).Status);
    }

    [Fact]
    public async Task Only_one_process_at_a_time_works_on_a_run()
    {
        var run = folder.File("shared");
        using var first = TrainingProcess.Start(run, "--text-epochs=500", "--limit=20");
        try
        {
            await UntilAsync(() => File.Exists(Path.Combine(run, "process")) && RunFolder.At(run).Process is { IsAlive: true });
            using var events = new CancellationTokenSource();
            var error = Assert.Throws<InvalidOperationException>(() => new TrainingLoop(RunFolder.At(run), TimeProvider.System).Run([], events.Token));
            Assert.Contains($"process {first.Id}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            first.Kill();
        }

        await first.WaitForExitAsync();
        Assert.False(RunFolder.At(run).Process!.IsAlive);
        Assert.True(new TrainingLoop(RunFolder.At(run), TimeProvider.System).Run([], CancellationToken.None));
    }

    public void Dispose() => folder.Dispose();

    private static async Task StartAndKillAsync(string run, Random moments)
    {
        var log = RunFolder.At(run).EventFile;
        var before = File.Exists(log) ? new FileInfo(log).Length : 0;
        using var process = TrainingProcess.Start(run, Epochs, StepTime);
        // From before its first word to some steps behind it: saving, validating and logging are all hit at times.
        var bytes = moments.Next(0, 4000);
        await UntilAsync(() => process.HasExited || (File.Exists(log) && new FileInfo(log).Length >= before + bytes));
        await Task.Delay(moments.Next(0, 12));
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(begun.Elapsed < Patience);
            await Task.Delay(1);
        }
    }

    private static IReadOnlyList<RunEvent> Read(string run) => new RunEventReader(RunFolder.At(run).EventFile).Read(int.MaxValue);

    private static List<string> Facts(IReadOnlyList<RunEvent> events, string kind) =>
        [.. events.Where(read => read.Kind == kind).Select(read => $"{read.Phase} {read.Step} {string.Join(' ', read.Values.Where(value => value.Key != "samples_per_second"))}")];

    private static string State(string run, string phase) => Path.Combine(RunFolder.At(run).CheckpointFolder, $"{phase}.state.safetensors");
}
