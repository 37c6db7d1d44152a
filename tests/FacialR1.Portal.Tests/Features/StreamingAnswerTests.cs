using Bunit;
using FacialR1.Analysis;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features;

public sealed class StreamingAnswerTests : ComponentTest
{
    private readonly AnalysisFeed feed = new();

    private IRenderedComponent<StreamingAnswer> Show(Action? ended = null) => Render<StreamingAnswer>(parameters => parameters
        .Add(answer => answer.AnalysisId, Guid.NewGuid()).Add(answer => answer.Feed, feed)
        .Add(answer => answer.OnEnded, EventCallback.Factory.Create(this, ended ?? (() => { }))));

    private static AnalysisProgressed Words(string text, int tokens) => new(new TextUpdate(text, tokens));

    // The reader and its timer run on other threads, so time is moved until they have done their part.
    private void PassTimeUntil(IRenderedComponent<StreamingAnswer> shown, Action assertion)
    {
        for (var attempt = 0; ; attempt++)
        {
            Folder.Clock.Advance(StreamingAnswer.RenderInterval);
            try { shown.InvokeAsync(assertion).GetAwaiter().GetResult(); return; }
            catch (Exception) when (attempt < 500) { Thread.Sleep(10); }
        }
    }

    [Fact]
    public void A_burst_of_updates_shares_one_render_and_the_last_is_shown()
    {
        var shown = Show();
        var before = shown.RenderCount;
        feed.Publish(new AnalysisStarted());
        for (var i = 1; i <= 50; i++) feed.Publish(Words($"w{i} ", i));

        PassTimeUntil(shown, () => Assert.Contains("w50", shown.Find(".reasoning").TextContent, StringComparison.Ordinal));
        Assert.InRange(shown.RenderCount - before, 1, 10);
    }

    [Fact]
    public void Nothing_is_rendered_before_the_interval_has_passed()
    {
        var shown = Show();
        feed.Publish(new AnalysisStarted());
        feed.Publish(Words("early ", 1));
        Thread.Sleep(100);

        Assert.DoesNotContain("early", shown.Markup, StringComparison.Ordinal);
        PassTimeUntil(shown, () => Assert.Contains("early", shown.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_late_reader_sees_the_text_so_far()
    {
        feed.Publish(new AnalysisStarted());
        feed.Publish(Words("<think>The brows are lowered (AU4)", 6));
        feed.Publish(Words(", and", 7));
        var shown = Show();

        PassTimeUntil(shown, () =>
        {
            Assert.Equal("The brows are lowered (AU4), and", shown.Find(".reasoning").TextContent);
            Assert.Equal("brow lowerer", shown.Find(".reasoning mark").GetAttribute("title"));
            Assert.Contains("AU4", shown.Find(".unit-chip").TextContent, StringComparison.Ordinal);
            Assert.Equal("true", shown.Find("section.answer").GetAttribute("aria-busy"));
        });
    }

    [Fact]
    public void Loading_a_checkpoint_is_visible()
    {
        feed.Publish(new AnalysisStarted());
        feed.Publish(new AnalysisProgressed(new ModelLoading(0.4)));
        var shown = Show();

        PassTimeUntil(shown, () =>
        {
            Assert.Contains("Reading the checkpoint", shown.Find("[role=status]").TextContent, StringComparison.Ordinal);
            Assert.Equal("40", shown.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        });
    }

    [Fact]
    public void The_end_is_announced_once_after_the_last_words_were_rendered()
    {
        var endings = new List<string>();
        IRenderedComponent<StreamingAnswer>? shown = null;
        shown = Show(() => endings.Add(shown!.Find("[role=status]").TextContent));
        feed.Publish(new AnalysisStarted());
        feed.Publish(new AnalysisEnded(new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile)));

        PassTimeUntil(shown, () => Assert.Contains("happiness", Assert.Single(endings), StringComparison.Ordinal));
        Assert.Empty(shown.FindAll("button:not(.unit-chip)"));
    }

    [Fact]
    public async Task Stop_ends_the_analysis()
    {
        Folder.AddCheckpoint("mini");
        var desk = Service<FacialR1.Portal.Inference.AnalysisDesk>();
        var id = await desk.SubmitAsync(await Folder.AddPhotoAsync(), null, "mini", DecodingOptions.Greedy, CancellationToken.None);
        var shown = Render<StreamingAnswer>(parameters => parameters.Add(answer => answer.AnalysisId, id).Add(answer => answer.Feed, Feeds.Find(id)!));

        await shown.Find("button").ClickAsync();

        PassTimeUntil(shown, () => Assert.Contains("stopped", shown.Find(".status-tag").TextContent, StringComparison.Ordinal));
        Assert.Equal(AnalysisStatus.Stopped, (await Folder.Store.FindAsync(id, CancellationToken.None))!.Status);
    }
}
