using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tests.Runs;

public sealed class RunFeedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly RunsFolder runs = new();

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(2500)]
    public async Task A_reader_gets_what_there_is_and_then_what_comes_without_gap_or_repetition(long after)
    {
        const int Before = 2_000, Later = 1_500;
        var folder = runs.Add("live", "running", steps: Before - 1);   // and the start
        runs.Open();
        var reading = Task.Run(() => ReadAsync("live", after, until: Before + Later, slowness: 0));
        var slow = Task.Run(() => ReadAsync("live", after, until: Before + Later, slowness: 20));
        using (var log = new EventLog(folder.EventFile, TimeProvider.System))
            for (var step = 0; step < Later; step++)
            {
                RunsFolder.Step(log, Before + step);
                if (step % 100 == 0) await Task.Delay(5);
            }

        var expected = Enumerable.Range(1, Before + Later).Select(number => (long)number).Where(number => number > after).ToList();
        var (fast, batches) = await reading.WaitAsync(Patience);
        Assert.Equal(expected, fast);
        Assert.Equal(expected, (await slow.WaitAsync(Patience)).Seen);
        Assert.All(batches, size => Assert.InRange(size, 1, RunFeed.LargestBatch));
        Assert.True(batches.Count < 200, $"{batches.Count} batches for {expected.Count} events");
    }

    [Fact]
    public async Task A_run_that_has_written_nothing_yet_can_be_followed()
    {
        Directory.CreateDirectory(Path.Combine(runs.Folder, "young"));
        runs.Open();
        var reading = Task.Run(() => ReadAsync("young", 0, until: 3, slowness: 0));
        await Task.Delay(100);
        runs.Add("young", "running", steps: 2);
        Assert.Equal([1, 2, 3], (await reading.WaitAsync(Patience)).Seen);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(async () => await ReadAsync("nowhere", 0, until: 1, slowness: 0));

    public void Dispose() => runs.Dispose();

    private async Task<(List<long> Seen, List<int> Batches)> ReadAsync(string run, long after, long until, int slowness)
    {
        var (seen, batches) = (new List<long>(), new List<int>());
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var batch in runs.Feed.FollowAsync(run, after, patience.Token))
        {
            seen.AddRange(batch.Events.Select(read => read.Sequence));
            batches.Add(batch.Events.Count);
            if (seen[^1] >= until) break;
            if (slowness > 0) await Task.Delay(slowness);
        }

        return (seen, batches);
    }
}
