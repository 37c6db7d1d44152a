using FacialR1.Analysis;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Tests.Live;

public sealed class AnalysisFeedTests
{
    private static readonly AnalysisEnded End = new(new AnalysisOutcome(AnalysisStatus.Done, "abc"));

    private static AnalysisProgressed Words(string text, int tokens) => new(new TextUpdate(text, tokens));

    private static async Task<List<SequencedUpdate>> ReadAllAsync(AnalysisFeed feed, long after = 0)
    {
        var seen = new List<SequencedUpdate>();
        await foreach (var updates in feed.FollowAsync(after, CancellationToken.None)) seen.AddRange(updates);
        return seen;
    }

    [Fact]
    public async Task A_late_reader_gets_everything_from_the_start()
    {
        var feed = new AnalysisFeed();
        feed.Publish(new AnalysisStarted());
        feed.Publish(Words("a", 1));
        feed.Publish(End);

        var seen = await ReadAllAsync(feed);

        Assert.Equal([1, 2, 3], seen.Select(update => update.Sequence));
        Assert.Equal(End, seen[^1].Update);
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_only_what_it_missed()
    {
        var feed = new AnalysisFeed();
        feed.Publish(new AnalysisStarted());
        feed.Publish(Words("a", 1));
        feed.Publish(End);

        Assert.Equal([3], (await ReadAllAsync(feed, after: 2)).Select(update => update.Sequence));
        Assert.Empty(await ReadAllAsync(feed, after: 3));
    }

    [Fact]
    public async Task Readers_on_several_threads_see_every_update_once_and_in_order()
    {
        const int Updates = 2_000;
        var feed = new AnalysisFeed();
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAllAsync(feed))).ToArray();

        for (var i = 0; i < Updates; i++) feed.Publish(Words("x", i));
        feed.Publish(End);

        foreach (var seen in await Task.WhenAll(readers))
            Assert.Equal(Enumerable.Range(1, Updates + 1).Select(i => (long)i), seen.Select(update => update.Sequence));
    }

    [Fact]
    public async Task Nothing_follows_the_end()
    {
        var feed = new AnalysisFeed();
        feed.Publish(End);
        feed.Publish(Words("late", 1));

        Assert.Single(await ReadAllAsync(feed));
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_disturb_the_others()
    {
        var feed = new AnalysisFeed();
        using var leave = new CancellationTokenSource();
        var leaving = Task.Run(async () =>
        {
            await foreach (var _ in feed.FollowAsync(0, leave.Token)) { }
        });
        var staying = Task.Run(() => ReadAllAsync(feed));

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        feed.Publish(End);

        Assert.Single(await staying);
    }

    [Fact]
    public void The_end_replaces_the_text_so_far_with_the_stored_text()
    {
        var progress = new AnswerProgress();
        progress.Apply(new AnalysisStarted());
        progress.Apply(new AnalysisProgressed(new ModelLoading(0.5)));
        Assert.Equal(0.5, progress.Loading);
        progress.Apply(Words("ab", 1));
        progress.Apply(Words("c", 2));
        Assert.Equal("abc", progress.Text);
        Assert.Null(progress.Loading);

        progress.Apply(new AnalysisEnded(new AnalysisOutcome(AnalysisStatus.Stopped, "ab")));

        Assert.Equal(("ab", AnalysisStatus.Stopped), (progress.Text, progress.Status));
    }
}
