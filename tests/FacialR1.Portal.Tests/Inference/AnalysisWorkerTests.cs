using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Tests.Inference;

public sealed class AnalysisWorkerTests
{
    private static async Task<PortalFolder> FolderWithMiniAsync()
    {
        var folder = await PortalFolder.CreateAsync();
        folder.AddCheckpoint("mini");
        return folder;
    }

    private static async Task<AnalysisUpdate> NextAsync(IAsyncEnumerator<IReadOnlyList<SequencedUpdate>> feed)
    {
        Assert.True(await feed.MoveNextAsync());
        return feed.Current[^1].Update;
    }

    [Fact]
    public async Task An_answer_is_stored_with_everything_that_was_read_and_measured()
    {
        using var folder = await FolderWithMiniAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Answering(ScriptedModel.Smile));
        await fixture.StartAsync();

        var analysis = await fixture.FinishedAsync(await fixture.AskAsync());

        Assert.Equal(AnalysisStatus.Done, analysis.Status);
        Assert.Equal((ScriptedModel.Smile, "happiness", "AU6 AU12", true), (analysis.Text, analysis.Emotion, analysis.ActionUnits, analysis.FormatOk));
        Assert.Equal((11, 120, 0.08, 1.08), (analysis.Tokens, analysis.PromptTokens, analysis.SecondsToFirstToken, analysis.Seconds));
        Assert.Equal(0.75, analysis.EmotionProbabilities[Emotion.Happiness]);
        Assert.Null(fixture.Feeds.Find(analysis.Id));
    }

    [Fact]
    public async Task The_model_sees_exactly_the_chosen_part_of_the_photo()
    {
        using var folder = await FolderWithMiniAsync();
        var model = ScriptedModel.Answering(ScriptedModel.Smile);
        await using var fixture = new WorkerFixture(folder, model);
        await fixture.StartAsync();
        var crop = new PixelArea(-2, 3, 16, 16);   // reaches beyond the left edge
        var photo = await folder.AddPhotoAsync(faces: new FaceArea(new PixelArea(2, 5, 8, 8), crop, 0.9));

        var analysis = await fixture.FinishedAsync(await fixture.AskAsync(photo, face: 0));

        var seen = ImageReader.Read(model.Requests.Single().Image);
        Assert.Equal((16, 16, crop), (seen.Width, seen.Height, analysis.Crop));
        Assert.Equal(await folder.Images.ReadAsync(analysis.CropHash, CancellationToken.None), model.Requests.Single().Image.ToArray());
    }

    [Fact]
    public async Task Two_analyses_are_written_at_the_same_time()
    {
        using var folder = await FolderWithMiniAsync();
        var model = ScriptedModel.Waiting();
        await using var fixture = new WorkerFixture(folder, model, new InferenceOptions { ConcurrentAnalyses = 2 });
        await fixture.StartAsync();

        var ids = new[] { await fixture.AskAsync(), await fixture.AskAsync() };

        foreach (var id in ids) await fixture.UntilAsync(id, analysis => analysis.Status == AnalysisStatus.Running);
        foreach (var _ in ids) model.Finish(ScriptedModel.Smile);
        foreach (var id in ids) Assert.Equal(AnalysisStatus.Done, (await fixture.FinishedAsync(id)).Status);
    }

    [Fact]
    public async Task A_reader_sees_the_text_so_far_and_then_the_rest()
    {
        using var folder = await FolderWithMiniAsync();
        var model = ScriptedModel.Waiting();
        await using var fixture = new WorkerFixture(folder, model);
        await fixture.StartAsync();
        var id = await fixture.AskAsync();
        model.Say("<think>The", 1);
        await using var first = fixture.Feeds.Find(id)!.FollowAsync(0, CancellationToken.None).GetAsyncEnumerator();
        while (await NextAsync(first) is not AnalysisProgressed { Answer: TextUpdate }) { }

        await using var late = fixture.Feeds.Find(id)!.FollowAsync(0, CancellationToken.None).GetAsyncEnumerator();
        var progress = new AnswerProgress();
        Assert.True(await late.MoveNextAsync());
        foreach (var update in late.Current) progress.Apply(update.Update);
        Assert.Equal("<think>The", progress.Text);

        model.Finish(ScriptedModel.Smile);
        while (await late.MoveNextAsync()) foreach (var update in late.Current) progress.Apply(update.Update);
        Assert.Equal((AnalysisStatus.Done, ScriptedModel.Smile), (progress.Status, progress.Text));
    }

    [Fact]
    public async Task Stopping_a_running_analysis_keeps_what_was_written()
    {
        using var folder = await FolderWithMiniAsync();
        var model = ScriptedModel.Waiting();
        await using var fixture = new WorkerFixture(folder, model);
        await fixture.StartAsync();
        var id = await fixture.AskAsync();
        model.Say("<think>The brows (AU4)", 4);
        await using var feed = fixture.Feeds.Find(id)!.FollowAsync(0, CancellationToken.None).GetAsyncEnumerator();
        while (await NextAsync(feed) is not AnalysisProgressed { Answer: TextUpdate }) { }

        await fixture.Desk.StopAsync(id, CancellationToken.None);

        var analysis = await fixture.FinishedAsync(id);
        Assert.Equal((AnalysisStatus.Stopped, "<think>The brows (AU4)", 4), (analysis.Status, analysis.Text, analysis.Tokens));
        Assert.Null(analysis.FormatOk);
    }

    [Fact]
    public async Task A_waiting_analysis_can_be_stopped_and_is_never_asked()
    {
        using var folder = await FolderWithMiniAsync();
        var model = ScriptedModel.Answering(ScriptedModel.Smile);
        await using var fixture = new WorkerFixture(folder, model);
        var id = await fixture.AskAsync();

        await fixture.Desk.StopAsync(id, CancellationToken.None);
        await fixture.StartAsync();
        await fixture.FinishedAsync(await fixture.AskAsync());

        Assert.Equal(AnalysisStatus.Stopped, (await folder.Store.FindAsync(id, CancellationToken.None))!.Status);
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task What_a_stopped_portal_left_behind_is_queued_again_at_the_next_start()
    {
        using var folder = await FolderWithMiniAsync();
        Guid running, waiting;
        await using (var before = new WorkerFixture(folder, ScriptedModel.Waiting(), new InferenceOptions { ConcurrentAnalyses = 1 }))
        {
            await before.StartAsync();
            running = await before.AskAsync();
            waiting = await before.AskAsync();
            await before.UntilAsync(running, analysis => analysis.Status == AnalysisStatus.Running);
        }
        Assert.False((await folder.Store.FindAsync(running, CancellationToken.None))!.Status.IsFinished());

        await using var after = new WorkerFixture(folder, ScriptedModel.Answering(ScriptedModel.Smile), new InferenceOptions { QueueLength = 1 });
        await after.StartAsync();

        Assert.Equal(AnalysisStatus.Done, (await after.FinishedAsync(running)).Status);
        Assert.Equal(AnalysisStatus.Done, (await after.FinishedAsync(waiting)).Status);
    }

    [Fact]
    public async Task A_model_that_is_not_available_says_why()
    {
        using var folder = await FolderWithMiniAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Failing(new ModelUnavailableException("model.safetensors is damaged. Copy it again.")));
        await fixture.StartAsync();

        var analysis = await fixture.FinishedAsync(await fixture.AskAsync());

        Assert.Equal((AnalysisStatus.Failed, "model.safetensors is damaged. Copy it again."), (analysis.Status, analysis.Problem));
    }

    [Fact]
    public async Task A_fault_inside_the_model_is_not_shown_to_visitors_and_the_worker_goes_on()
    {
        using var folder = await FolderWithMiniAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Failing(new InvalidOperationException("secret detail")), new InferenceOptions { ConcurrentAnalyses = 1 });
        await fixture.StartAsync();

        foreach (var id in new[] { await fixture.AskAsync(), await fixture.AskAsync() })
        {
            var analysis = await fixture.FinishedAsync(id);
            Assert.Equal(AnalysisStatus.Failed, analysis.Status);
            Assert.DoesNotContain("secret", analysis.Problem, StringComparison.Ordinal);
            Assert.Contains(id.ToString(), analysis.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_queue_refuses_and_leaves_nothing_behind()
    {
        using var folder = await FolderWithMiniAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Waiting(), new InferenceOptions { QueueLength = 1 });
        await fixture.AskAsync();
        var photo = await folder.AddPhotoAsync(shade: 99);

        await Assert.ThrowsAsync<QueueFullException>(() => fixture.AskAsync(photo));

        Assert.Equal(1, (await folder.Store.PageAsync(new HistoryQuery(null, 1, 10), CancellationToken.None)).Total);
    }

    [Fact]
    public async Task Deleting_a_running_analysis_ends_it_and_its_readers()
    {
        using var folder = await FolderWithMiniAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Waiting());
        await fixture.StartAsync();
        var id = await fixture.AskAsync();
        await fixture.UntilAsync(id, analysis => analysis.Status == AnalysisStatus.Running);
        var feed = fixture.Feeds.Find(id)!;

        Assert.True(await fixture.Desk.DeleteAsync(id, CancellationToken.None));

        await foreach (var _ in feed.FollowAsync(0, CancellationToken.None)) { }   // ends
        Assert.Null(await folder.Store.FindAsync(id, CancellationToken.None));
        Assert.Equal(0, folder.StoredPictures);
    }

    [Fact]
    public async Task An_unknown_checkpoint_is_refused_before_anything_is_stored()
    {
        using var folder = await PortalFolder.CreateAsync();
        await using var fixture = new WorkerFixture(folder, ScriptedModel.Waiting());

        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.AskAsync());

        Assert.Contains("mini", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.Store.PageAsync(new HistoryQuery(null, 1, 10), CancellationToken.None)).Total);
    }
}
