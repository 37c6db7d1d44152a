using FacialR1.Analysis.Facs;
using FacialR1.Portal.Storage;
using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Tests.Storage;

public sealed class AnalysisStoreTests
{
    private static AnalysisOutcome Done(string text, string emotion = "happiness", string units = "AU6 AU12") =>
        new(AnalysisStatus.Done, text) { Emotion = emotion, ActionUnits = units };

    [Fact]
    public async Task Migrations_make_the_tables_of_the_model_in_a_write_ahead_database()
    {
        using var folder = await PortalFolder.CreateAsync();
        await using var context = await folder.Contexts.CreateDbContextAsync();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
        Assert.Equal("wal", await context.Database.SqlQueryRaw<string>("select journal_mode as Value from pragma_journal_mode").SingleAsync());
    }

    [Fact]
    public async Task Setting_up_twice_keeps_what_is_stored()
    {
        using var folder = await PortalFolder.CreateAsync();
        var analysis = await folder.AddAnalysisAsync();
        await folder.SetUpAsync();

        Assert.NotNull(await folder.Store.FindAsync(analysis.Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_outcome_is_read_back_as_it_was_written()
    {
        using var folder = await PortalFolder.CreateAsync();
        var probabilities = new Dictionary<Emotion, double> { [Emotion.Fear] = 0.125, [Emotion.Surprise] = 0.875 };
        var outcome = Done("text", "surprise", "AU1") with
        {
            EmotionProbabilities = probabilities, Tokens = 7, PromptTokens = 100, TimeToFirstToken = TimeSpan.FromMilliseconds(85), Elapsed = TimeSpan.FromSeconds(1.5), FormatOk = true,
        };
        var analysis = await folder.AddAnalysisAsync(outcome: outcome);

        Assert.Equal(probabilities, analysis.EmotionProbabilities);
        Assert.Equal((AnalysisStatus.Done, "text", "surprise", "AU1", true), (analysis.Status, analysis.Text, analysis.Emotion, analysis.ActionUnits, analysis.FormatOk));
        Assert.Equal((7, 100, 0.085, 1.5), (analysis.Tokens, analysis.PromptTokens, analysis.SecondsToFirstToken, analysis.Seconds));
        Assert.Equal(new PixelArea(0, 0, 40, 30), analysis.Crop);
    }

    [Fact]
    public async Task Pages_hold_the_newest_first_and_a_page_too_far_shows_the_last()
    {
        using var folder = await PortalFolder.CreateAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add((await folder.AddAnalysisAsync(name: $"{i}.jpg")).Id);
        ids.Reverse();

        var first = await folder.Store.PageAsync(new HistoryQuery(null, 1, 2), CancellationToken.None);
        var tooFar = await folder.Store.PageAsync(new HistoryQuery(null, 99, 2), CancellationToken.None);

        Assert.Equal((5, 3), (first.Total, first.Pages));
        Assert.Equal(ids[..2], first.Analyses.Select(analysis => analysis.Id));
        Assert.Equal(3, tooFar.Page);
        Assert.Equal(ids[4..], tooFar.Analyses.Select(analysis => analysis.Id));
        Assert.Equal("4.jpg", first.Analyses[0].Photo!.OriginalName);
    }

    [Theory]
    [InlineData("100%", "100% sure.jpg")]
    [InlineData("a_b", "a_b.jpg")]
    [InlineData(@"c\d", @"c\d.jpg")]
    [InlineData("%", "100% sure.jpg")]
    [InlineData("_", "a_b.jpg")]
    public async Task Wildcards_in_a_search_mean_themselves(string search, string expected)
    {
        using var folder = await PortalFolder.CreateAsync();
        foreach (var name in (string[])["100% sure.jpg", "a_b.jpg", @"c\d.jpg", "axb.jpg", "1000 sure.jpg", "cd.jpg"]) await folder.AddAnalysisAsync(name: name);

        var found = await folder.Store.PageAsync(new HistoryQuery(search, 1, 10), CancellationToken.None);

        Assert.Equal([expected], found.Analyses.Select(analysis => analysis.Photo!.OriginalName));
    }

    [Fact]
    public async Task Every_word_of_a_search_must_occur_somewhere_whatever_its_case()
    {
        using var folder = await PortalFolder.CreateAsync();
        await folder.AddAnalysisAsync(name: "anna.jpg", outcome: Done("lip corners pulled up"));
        await folder.AddAnalysisAsync(name: "anna2.jpg", outcome: Done("brows drawn together", "anger", "AU4"));

        async Task<int> CountAsync(string search) => (await folder.Store.PageAsync(new HistoryQuery(search, 1, 10), CancellationToken.None)).Total;

        Assert.Equal(2, await CountAsync("ANNA"));
        Assert.Equal(1, await CountAsync("anna Happiness"));
        Assert.Equal(1, await CountAsync("au4 brows"));
        Assert.Equal(0, await CountAsync("anger corners"));
    }

    [Fact]
    public async Task Deleting_the_last_analysis_of_a_photo_removes_photo_and_pictures()
    {
        using var folder = await PortalFolder.CreateAsync();
        var analysis = await folder.AddAnalysisAsync();
        Assert.Equal(2, folder.StoredPictures);
        await folder.Images.FindThumbnailAsync(analysis.CropHash, CancellationToken.None);

        Assert.True(await folder.Store.DeleteAsync(analysis.Id, CancellationToken.None));

        Assert.Equal(0, folder.StoredPictures);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Paths.Cache, "thumbnails")));
        Assert.Null(await folder.Store.FindPhotoAsync(analysis.PhotoId, CancellationToken.None));
        Assert.False(await folder.Store.DeleteAsync(analysis.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Deleting_keeps_pictures_that_something_else_still_uses()
    {
        using var folder = await PortalFolder.CreateAsync();
        var photo = await folder.AddPhotoAsync(shade: 10);
        var first = await folder.AddAnalysisAsync(photo, cropShade: 20);
        var second = await folder.AddAnalysisAsync(photo, cropShade: 20);      // the same crop again
        var upload = await folder.AddPhotoAsync("again.jpg", shade: 10);       // the same photo again
        var third = await folder.AddAnalysisAsync(upload, cropShade: 30);
        Assert.Equal(3, folder.StoredPictures);

        await folder.Store.DeleteAsync(first.Id, CancellationToken.None);
        Assert.Equal(3, folder.StoredPictures);
        await folder.Store.DeleteAsync(second.Id, CancellationToken.None);
        Assert.Equal(2, folder.StoredPictures);
        Assert.NotNull(folder.Images.Find(third.CropHash));
        Assert.NotNull(folder.Images.Find(upload.Hash));
    }

    [Fact]
    public async Task Photos_that_nobody_analysed_leave_after_their_time()
    {
        using var folder = await PortalFolder.CreateAsync();
        await folder.AddPhotoAsync("forgotten.jpg", shade: 1);
        var kept = await folder.AddAnalysisAsync();
        folder.Clock.Advance(TimeSpan.FromDays(1.5));
        var fresh = await folder.AddPhotoAsync("fresh.jpg", shade: 2);

        await folder.SetUpAsync();

        await using var context = await folder.Contexts.CreateDbContextAsync();
        Assert.Equal(new[] { kept.PhotoId, fresh.Id }.Order(), (await context.Photos.Select(photo => photo.Id).ToListAsync()).Order());
        Assert.Equal(3, folder.StoredPictures);
    }

    [Fact]
    public async Task Only_one_taker_gets_a_queued_analysis()
    {
        using var folder = await PortalFolder.CreateAsync();
        var analysis = await folder.AddAnalysisAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => folder.Store.TryStartAsync(analysis.Id, CancellationToken.None))));

        Assert.Single(taken, gotIt => gotIt);
    }

    [Theory]
    [InlineData("../../portal")]
    [InlineData("")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("/etc/passwd")]
    public void What_is_not_a_hash_finds_no_picture(string hash)
    {
        using var folder = new PortalFolder();
        Assert.Null(folder.Images.Find(hash));
    }

    [Fact]
    public async Task The_same_picture_is_stored_once_under_the_hash_of_its_bytes()
    {
        using var folder = new PortalFolder();
        var picture = PortalFolder.Picture(7);

        var hash = await folder.Images.SaveAsync(picture, CancellationToken.None);
        Assert.Equal(hash, await folder.Images.SaveAsync(picture, CancellationToken.None));

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(picture)), hash);
        Assert.Equal(1, folder.StoredPictures);
        Assert.Equal(picture, await folder.Images.ReadAsync(hash, CancellationToken.None));
    }

    [Fact]
    public async Task An_acknowledgement_counts_only_for_its_version()
    {
        using var folder = await PortalFolder.CreateAsync();
        var store = new AcknowledgementStore(folder.Contexts, folder.Clock);
        var id = (await store.AddAsync("1", CancellationToken.None)).ToString();

        Assert.Equal(folder.Clock.GetUtcNow(), await store.FindAsync(id, "1", CancellationToken.None));
        Assert.Null(await store.FindAsync(id, "2", CancellationToken.None));
        Assert.Null(await store.FindAsync(Guid.NewGuid().ToString(), "1", CancellationToken.None));
        Assert.Null(await store.FindAsync("not an id", "1", CancellationToken.None));
        Assert.Null(await store.FindAsync(null, "1", CancellationToken.None));
    }
}
