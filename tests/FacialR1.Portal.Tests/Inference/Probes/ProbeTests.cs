using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Inference.Probes;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Inference.Probes;

public sealed class ProbeTests : IAsyncLifetime, IDisposable
{
    private readonly PortalFolder folder = new();

    public async Task InitializeAsync()
    {
        await folder.SetUpAsync();
        folder.AddCheckpoint("mini");
    }

    Task IAsyncLifetime.DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    private ProbeDesk Desk(IReasoningModelFactory models)
    {
        var options = Options.Create(new InferenceOptions());
        var catalog = new CheckpointCatalog(folder.Paths);
        return new ProbeDesk(new ModelPool(catalog, models, options), catalog, folder.Store, folder.Images, new FaceEstimates(folder.Paths, folder.Images, NullLogger<FaceEstimates>.Instance),
            new ProbeFiles(folder.Paths), AlignmentTables.Shipped, options, NullLogger<ProbeDesk>.Instance);
    }

    private Task<AnalysisRecord> SmileAsync() => folder.AddAnalysisAsync(cropShade: 255, outcome: new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile));

    /// <summary>A white picture of 100 pixels with parts where the twelve regions usually lie.</summary>
    private static ProbedAnswer Subject(ProbedModel model, FaceLandmarks? landmarks) => new(
        new AnalysisRecord { Crop = new PixelArea(0, 0, 100, 100), CropHash = "", Checkpoint = "mini", Decoding = DecodingOptions.Greedy }, model,
        new RgbImage(100, 100, [.. Enumerable.Range(0, 100 * 100 * 3).Select(place => (byte)(place / 3 % 100 < 95 ? 255 : 0))]), landmarks, ClaimReader.Read(ScriptedModel.Smile), AlignmentTables.Shipped);

    private static async Task EndOf(ProbeJob job)
    {
        for (var waited = 0; !job.HasEnded; waited++)
        {
            if (waited > 3000) throw new TimeoutException("The probe did not end.");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task A_result_is_kept_and_found_again_until_its_analysis_is_deleted()
    {
        var (desk, analysis) = (Desk(new ProbedModel()), await SmileAsync());
        var probe = new EarlyAnswerProbe();
        Assert.Null(await desk.FindAsync(analysis, probe, CancellationToken.None));

        var job = desk.Start(analysis, probe);
        await EndOf(job);

        Assert.Null(job.Problem);
        Assert.Equal(1, job.Progress);
        Assert.Null(desk.Running(analysis.Id, probe.Key));
        var found = await Desk(new ProbedModel()).FindAsync(analysis, probe, CancellationToken.None);   // as after a restart
        Assert.Equal(found!.Sentences.Count + 1, found.Emotions.Count);
        Assert.Equal((Emotion.Happiness, 0.0), (found.Final(), found.AreaOverCurve()!.Value));

        var files = new ProbeFiles(folder.Paths);
        Assert.Equal(probe.Key, await files.KeyOfAsync(analysis.Id, ProbeFiles.NameOf(probe.Key), CancellationToken.None));
        Assert.Null(await files.KeyOfAsync(analysis.Id, "../../../etc/passwd", CancellationToken.None));
        files.Delete(analysis.Id);
        Assert.Null(await desk.FindAsync(analysis, probe, CancellationToken.None));
    }

    [Fact]
    public async Task A_result_of_other_weights_is_not_shown()
    {
        var (desk, analysis) = (Desk(new ProbedModel()), await SmileAsync());
        await EndOf(desk.Start(analysis, new EarlyAnswerProbe()));
        var weights = Path.Combine(folder.Paths.Checkpoints, "mini", "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        Assert.Null(await Desk(new ProbedModel()).FindAsync(analysis, new EarlyAnswerProbe(), CancellationToken.None));
    }

    [Fact]
    public async Task A_probe_that_fails_says_why_and_leaves_nothing()
    {
        var (desk, analysis) = (Desk(new ProbedModel { Failure = new ModelUnavailableException("Use a smaller picture.") }), await SmileAsync());
        var job = desk.Start(analysis, new EarlyAnswerProbe());
        await EndOf(job);
        Assert.Equal("Use a smaller picture.", job.Problem);
        Assert.Null(await desk.FindAsync(analysis, new EarlyAnswerProbe(), CancellationToken.None));
    }

    [Fact]
    public async Task A_model_of_another_machine_is_not_probed_and_the_reason_is_told()
    {
        Assert.Contains("another machine", await Desk(ScriptedModel.Answering(ScriptedModel.Smile)).WhyNotAsync("mini"), StringComparison.Ordinal);
        Assert.Null(await Desk(new ProbedModel()).WhyNotAsync("mini"));
        Assert.Contains("no longer", await Desk(new ProbedModel()).WhyNotAsync("gone"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cell_the_model_looks_at_is_found_by_covering_and_its_control_is_of_equal_area()
    {
        var model = new ProbedModel { Looks = (0.25, 0.4) };
        var map = await new OcclusionProbe(Filling.Mean).AskAsync(Subject(model, null), new Progress<double>(), CancellationToken.None);

        Assert.True(map.IsGrid);
        Assert.Equal(8, map.Parts.Count);
        Assert.Equal("upper-left", map.Order[0]);
        Assert.All(map.Parts, part => Assert.Equal(OcclusionProbe.Controls, part.Controls.Count));
        Assert.All(map.Parts, part => Assert.Equal(1250, part.Area));
        Assert.True(map.DropOf(map.Parts.Single(part => part.Key == "upper-left"), null) > 0.03);
        Assert.All(map.Parts.Where(part => part.Key != "upper-left"), part => Assert.Equal(0, map.DropOf(part, null), 1e-6));
        Assert.Equal((9, 9), (map.Deletion.Count, map.Insertion.Count));
        Assert.Equal(map.ProbabilityOf(map.Whole, null), map.Deletion[0]);
        Assert.Equal(map.Deletion[^1], map.Insertion[0]);
        Assert.Equal(map.Deletion[0], map.Insertion[^1]);
        Assert.Equal(Math.Exp(-0.6), map.ProbabilityOf(map.Whole, new TextSpan(7, 6)), 1e-9);
        Assert.Null(map.Cited);
    }

    [Fact]
    public async Task The_parts_a_reasoning_names_are_taken_together()
    {
        var landmarks = TestFace.Landmarks;
        var corner = landmarks[48];
        var map = await new OcclusionProbe(Filling.Mean).AskAsync(Subject(new ProbedModel { Looks = (corner.X, corner.Y) }, landmarks), new Progress<double>(), CancellationToken.None);

        Assert.Equal(12, map.Parts.Count);
        Assert.Equal([12], map.Parts.Single(part => part.Key == "lip-corner-right").ActionUnits);
        Assert.NotNull(map.Cited);
        Assert.True(Erasure.Comprehensiveness(map.Deletion[0], map.Cited.Without) > 0.03, "The model looks at a lip corner, which AU12 names.");
        Assert.Equal(0, Erasure.Sufficiency(map.Deletion[0], map.Cited.Only), 1e-6);
    }

    [Fact]
    public async Task A_mistake_that_reaches_the_answer_is_counted_and_its_paraphrase_is_the_control()
    {
        var tests = await new MistakeProbe().AskAsync(Subject(new ProbedModel(), null), new Progress<double>(), CancellationToken.None);
        Assert.Equal((Emotion.Happiness, 2), (tests.Answer, tests.Tests.Count));
        Assert.Equal([6, 12], tests.Tests.Select(test => test.Claimed));
        Assert.All(tests.Tests, test => Assert.True(test.WeightChange < 0));
        var controls = InterventionRate.OfFlips(tests.Tests.Select(test => test.Control(Emotion.Happiness, tests.Before)));
        Assert.Equal((0, 2), (controls.Count, controls.Tried));
        Assert.All(tests.Tests, test => Assert.Contains($"(AU{test.Wrong})", test.Mistaken.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Covering_asks_with_the_same_words_and_with_new_ones()
    {
        var answer = await new CoverProbe(["upper-left", "nonsense"], Filling.Mean).AskAsync(Subject(new ProbedModel { Looks = (0.25, 0.4) }, null), new Progress<double>(), CancellationToken.None);
        Assert.True(answer.Covered.Emotions[Emotion.Happiness] < answer.Whole.Emotions[Emotion.Happiness]);
        Assert.Equal(answer.Covered.Emotions[Emotion.Happiness], answer.Anew.Emotions[Emotion.Happiness], 1e-6);
        Assert.Equal(Emotion.Happiness, answer.Anew.Answer());
        Assert.Equal(new CoverProbe(["a", "b"], Filling.Blur).Key, new CoverProbe(["b", "a"], Filling.Blur).Key);
    }
}
