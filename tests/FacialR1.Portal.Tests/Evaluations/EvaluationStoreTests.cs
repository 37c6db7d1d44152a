using System.Globalization;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Storage;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Training.Evaluation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Evaluations;

/// <summary>The same on both databases.</summary>
public sealed class EvaluationStoreTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const int Samples = 90;

    public static TheoryData<DatabaseKind> Databases => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task What_the_database_measures_is_what_the_file_measures(DatabaseKind kind)
    {
        await using var there = await PlaceAsync(kind);
        there.Write("mini", Samples);
        Assert.Empty(await there.Index.RefreshAsync(CancellationToken.None));
        var record = Assert.Single(await there.Store.ListAsync(CancellationToken.None));
        Assert.Equal(("mini", "drawn/test", Samples), (record.Model, record.Benchmark, record.Answered));

        var (_, set) = ResultFile.Load(there.FileOf("mini"));
        var clusters = SubjectClusters.Of([.. set.Rows.Select(row => row.Subject)]);
        Assert.NotNull(clusters);
        foreach (var protocol in EvaluationProtocols.All)
        {
            var expected = EvaluationReport.Of([.. set.Rows.Select(row => protocol.Read(row.Text, row.Reading.Labels))], protocol.Vocabulary(set.Rows.Select(row => row.Reading.Labels), set.Vocabulary), resamples: EvaluationStore.Resamples(Samples), clusters: clusters).ToJson();
            Assert.Equal(expected, (await there.Store.ReportAsync(record, protocol, CancellationToken.None)).ToJson());
            Assert.Equal(expected, (await there.Store.ReportAsync(record, protocol, CancellationToken.None)).ToJson());   // stored and read
            await there.ForgetAsync("subjects");   // as an earlier version stored it
            Assert.Equal(expected, (await there.Store.ReportAsync(record, protocol, CancellationToken.None)).ToJson());
        }

        var page = await there.Store.PageAsync(record.Id, new SampleQuery { PageSize = 7, Page = 2 }, CancellationToken.None);
        Assert.Equal(set.Rows.Skip(7).Take(7).Select(row => row.Text), (await there.Store.ReadAsync(record, page.Samples, CancellationToken.None)).Select(row => row.Text));
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task Filters_and_orders_give_what_counting_by_hand_gives(DatabaseKind kind)
    {
        await using var there = await PlaceAsync(kind);
        there.Write("mini", Samples);
        await there.Index.RefreshAsync(CancellationToken.None);
        var record = Assert.Single(await there.Store.ListAsync(CancellationToken.None));
        var rows = ResultFile.Load(there.FileOf("mini")).Set.Rows;
        static IReadOnlyCollection<int> Truth(ResultRow row) => row.Reading.Labels.ActionUnits!;
        async Task<IEnumerable<string>> Found(SampleQuery query) => (await there.Store.PageAsync(record.Id, query with { PageSize = 1000 }, CancellationToken.None)).Samples.Select(sample => sample.Sample);
        async Task Check(SampleQuery query, Func<ResultRow, bool> expected) => Assert.Equal(rows.Where(expected).Select(row => row.Sample), await Found(query));

        await Check(new SampleQuery { Label = Emotion.Happiness, Answer = Emotion.Sadness }, row => row.Reading is { Labels.Emotion: Emotion.Happiness, Emotion: Emotion.Sadness });
        await Check(new SampleQuery { IsUnread = true }, row => row.Reading.Emotion is null);
        await Check(new SampleQuery { IsRight = false, FormatOk = true }, row => row.IsRight == false && row.Reading.FormatOk);
        await Check(new SampleQuery { Unit = 12, Place = UnitPlace.Hallucinated }, row => row.Reading.MentionedActionUnits.Contains(12) && !Truth(row).Contains(12));
        await Check(new SampleQuery { Unit = 6, Place = UnitPlace.Missed }, row => !row.Reading.MentionedActionUnits.Contains(6) && Truth(row).Contains(6));
        await Check(new SampleQuery { Subject = "p3" }, row => row.Subject == "p3");
        await Check(new SampleQuery { Slice = ("light", "dim") }, row => row.Metadata["light"] == "dim");
        await Check(new SampleQuery { Slice = ("light", "dim' OR 1=1 --") }, _ => false);
        await Check(new SampleQuery { Search = "S_1" }, _ => false);   // an underscore means itself
        await Check(new SampleQuery { Search = "S01" }, row => row.Sample.StartsWith("s01", StringComparison.Ordinal));
        await Check(new SampleQuery { Outcome = AnswerOutcome.RightForTheWrongReasons }, row => AnswerOutcomes.Of(row.Reading, [6, 12, 15]) == AnswerOutcome.RightForTheWrongReasons);

        Assert.Equal(rows.OrderBy(row => row.Confidence is null).ThenByDescending(row => row.Confidence).Select(row => row.Sample), await Found(new SampleQuery { Order = AnswerOrder.Confidence, IsDescending = true }));
        Assert.Equal(rows.OrderByDescending(row => row.Tokens).Select(row => row.Sample), await Found(new SampleQuery { Order = AnswerOrder.Tokens, IsDescending = true }));
        Assert.Equal(rows.OrderByDescending(row => row.Sample, StringComparer.Ordinal).Select(row => row.Sample), await Found(new SampleQuery { Order = AnswerOrder.Sample, IsDescending = true }));
        Assert.Equal((9, 9), ((await there.Store.PageAsync(record.Id, new SampleQuery { PageSize = 10, Page = 99 }, CancellationToken.None)) is { Page: var page, Pages: var pages } ? (page, pages) : default));

        var (slices, hits, counted) = await there.Store.SlicesAsync(record.Id, SliceMeasure.Right, CancellationToken.None);
        Assert.Equal((rows.Count(row => row.IsRight == true), rows.Count), (hits, counted));
        foreach (var (name, value, of) in new (string, string, Func<ResultRow, bool>)[]
        {
            ("emotion", "happiness", row => row.Reading.Labels.Emotion == Emotion.Happiness), ("action unit", "AU12", row => Truth(row).Contains(12)), ("subject", "p3", row => row.Subject == "p3"), ("light", "dim", row => row.Metadata["light"] == "dim"),
        })
            Assert.Equal(new SliceCount(name, value, rows.Count(row => of(row) && row.IsRight == true), rows.Count(of)), slices.Single(slice => (slice.Name, slice.Value) == (name, value)));
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task A_growing_file_is_read_on_a_replaced_one_anew_and_a_deleted_one_forgotten(DatabaseKind kind)
    {
        await using var there = await PlaceAsync(kind);
        there.Write("mini", 10);
        await there.Index.RefreshAsync(CancellationToken.None);
        var first = Assert.Single(await there.Store.ListAsync(CancellationToken.None));
        File.AppendAllText(there.FileOf("mini"), """{"sample":"half""");
        there.Touch("mini", 1);
        await there.Index.RefreshAsync(CancellationToken.None);
        Assert.Equal(10, Assert.Single(await there.Store.ListAsync(CancellationToken.None)).Answered);

        there.Write("mini", 25);   // goes on: the half line is dropped
        there.Touch("mini", 2);
        await there.Index.RefreshAsync(CancellationToken.None);
        var grown = Assert.Single(await there.Store.ListAsync(CancellationToken.None));
        Assert.Equal((first.Id, 25), (grown.Id, grown.Answered));
        Assert.Equal(25, (await there.Store.ReportAsync(grown, EvaluationProtocol.Portal, CancellationToken.None)).N);

        File.Delete(there.FileOf("mini"));
        there.Write("mini", 5, sha: "other");
        there.Touch("mini", 3);
        await there.Index.RefreshAsync(CancellationToken.None);
        var replaced = Assert.Single(await there.Store.ListAsync(CancellationToken.None));
        Assert.Equal((5, "other"), (replaced.Answered, replaced.CheckpointSha256));
        Assert.Equal(5, (await there.Store.PageAsync(replaced.Id, new SampleQuery(), CancellationToken.None)).Total);

        File.WriteAllText(there.FileOf("broken"), "no header\n");
        File.Delete(there.FileOf("mini"));
        Assert.Equal("broken", Assert.Single(await there.Index.RefreshAsync(CancellationToken.None)).Name);
        Assert.Empty(await there.Store.ListAsync(CancellationToken.None));
    }

    [SkippableFact]
    public async Task The_whole_database_works_on_PostgreSQL()
    {
        await using var there = await PlaceAsync(DatabaseKind.PostgreSql);
        await using (var context = await there.Contexts.CreateDbContextAsync())
        {
            Assert.False(context.Database.HasPendingModelChanges());
            Assert.Empty(await context.Database.GetPendingMigrationsAsync());
        }

        using var analyses = new AnalysisStore(there.Contexts, there.Folder.Images);
        var photo = await analyses.AddPhotoAsync(PortalFolder.Picture(10), hash => new PhotoRecord { Hash = hash, OriginalName = "Anna 100%.jpg", Width = 40, Height = 30, UploadedAt = there.Folder.Clock.GetUtcNow(), Faces = [new(new(1, 2, 3, 4), new(0, 0, 9, 9), 0.5)] }, CancellationToken.None);
        var analysis = await analyses.AddAnalysisAsync(PortalFolder.Picture(20), hash => new AnalysisRecord { PhotoId = photo.Id, Crop = new(0, 0, 40, 30), CropHash = hash, Checkpoint = "mini", Decoding = DecodingOptions.Greedy, CreatedAt = there.Folder.Clock.GetUtcNow() }, CancellationToken.None);
        Assert.True(await analyses.TryStartAsync(analysis.Id, CancellationToken.None));
        Assert.Equal([analysis.Id], await analyses.RequeueUnfinishedAsync(CancellationToken.None));
        await analyses.FinishAsync(analysis.Id, new AnalysisOutcome(AnalysisStatus.Done, "Lip corners") { Emotion = "happiness", EmotionProbabilities = new Dictionary<Emotion, double> { [Emotion.Fear] = 1 } }, there.Folder.Clock.GetUtcNow(), CancellationToken.None);

        var found = Assert.Single((await analyses.PageAsync(new HistoryQuery("ANNA lip 100%", 1, 10), CancellationToken.None)).Analyses);
        Assert.Equal((1.0, photo.Faces[0]), (found.EmotionProbabilities[Emotion.Fear], found.Photo!.Faces[0]));
        var acknowledgements = new AcknowledgementStore(there.Contexts, there.Folder.Clock);
        var cookie = await acknowledgements.AddAsync("1", CancellationToken.None);
        Assert.NotNull(await acknowledgements.FindAsync(cookie.ToString(), "1", CancellationToken.None));
        Assert.True(await analyses.DeleteAsync(analysis.Id, CancellationToken.None));
        Assert.Null(await analyses.FindPhotoAsync(photo.Id, CancellationToken.None));
    }

    private async Task<Place> PlaceAsync(DatabaseKind kind)
    {
        var storage = kind == DatabaseKind.Sqlite ? new StorageOptions() : await postgres.NewDatabaseAsync();
        var place = new Place(storage);
        await new StorageSetup(place.Contexts, place.Folder.Store, place.Folder.Paths, Options.Create(new UploadOptions()), place.Folder.Clock, NullLogger<StorageSetup>.Instance).StartAsync(CancellationToken.None);
        return place;
    }

    private sealed class Place : IAsyncDisposable
    {
        public Place(StorageOptions storage)
        {
            Contexts = new PortalContexts(storage, Folder.Paths.Database);
            (Index, Store) = (new EvaluationIndex(Contexts, Folder.Paths), new EvaluationStore(Contexts, Folder.Paths));
            // Unused photos are looked for in the folder's own store, which is SQLite.
            if (storage.Database != DatabaseKind.Sqlite) Folder.SetUpAsync().GetAwaiter().GetResult();
        }

        public PortalFolder Folder { get; } = new();
        public IDbContextFactory<PortalDbContext> Contexts { get; }
        public EvaluationIndex Index { get; }
        public EvaluationStore Store { get; }

        public string FileOf(string name) => Path.Combine(Folder.Paths.Evaluations, name + ".jsonl");

        /// <summary>Two writes within one tick of the clock must still be two.</summary>
        public void Touch(string name, int seconds) => File.SetLastWriteTimeUtc(FileOf(name), new DateTime(2026, 1, 1, 0, 0, seconds, DateTimeKind.Utc));

        /// <summary>Takes a name out of all stored measures.</summary>
        public async Task ForgetAsync(string name)
        {
            await using var context = await Contexts.CreateDbContextAsync();
            foreach (var report in await context.EvaluationReports.ToListAsync())
            {
                var json = JsonNode.Parse(report.Json)!.AsObject();
                json.Remove(name);
                report.Json = json.ToJsonString();
            }
            await context.SaveChangesAsync();
        }

        public void Write(string name, int samples, string sha = "aa")
        {
            using var file = ResultFile.CreateOrContinue(FileOf(name), new ResultHeader
            {
                Model = name, CheckpointSha256 = sha, Benchmark = "drawn/test", DataSha256 = new string('a', 64), Samples = Samples, SampleIdsSha256 = new string('b', 64), ActionUnits = ["AU6", "AU12", "AU15"],
                LabelNote = "Made for a test.", Prompt = "p", Decoding = new(), Started = DateTimeOffset.UnixEpoch,
            });
            for (var number = file.Rows.Count; number < samples; number++) file.Append(Row(number), isTruncated: number % 9 == 0);
        }

        /// <summary>Labels, claims and answers go round with different lengths, so that all combinations occur.</summary>
        private static ResultRow Row(int number)
        {
            int[][] labels = [[6, 12], [], [12], [6]], claims = [[6, 12], [12, 12], [6], [], [15, 4]];
            Emotion[] emotions = [Emotion.Happiness, Emotion.Sadness, Emotion.Happiness];
            var answer = (number % 7) switch { 0 => "confused", 1 or 2 => "sadness", _ => "happiness" };
            var text = $"<think>Seen: {string.Join(", ", claims[number % 5].Select(unit => $"AU{unit}"))}. ü</think><answer>{answer}</answer>{(number % 11 == 0 ? "!" : "")}";
            var shares = number % 4 == 1 ? [] : new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.3 + number % 13 * 0.05, [Emotion.Sadness] = 0.7 - number % 13 * 0.05 };
            return ResultRow.Of(string.Create(CultureInfo.InvariantCulture, $"s{number:000}"), $"p{number % 6}", text, 20 + number % 17, shares, new(emotions[number % 3], labels[number % 4]))
                with { Metadata = new Dictionary<string, string> { ["light"] = number % 3 == 0 ? "dim" : "bright" } };
        }

        public async ValueTask DisposeAsync()
        {
            Index.Dispose();
            await Task.Yield();
            Folder.Dispose();
        }
    }
}
