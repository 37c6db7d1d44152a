using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Export;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Tests.Features.Export;

public sealed class ReportTests : IAsyncLifetime, IDisposable
{
    private readonly PortalFolder folder = new();

    public Task InitializeAsync() => folder.SetUpAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    private async Task<AnalysisExport> ExportAsync(string text, string name = "face.jpg", int? width = null)
    {
        var analysis = await folder.AddAnalysisAsync(name: name, outcome: new AnalysisOutcome(AnalysisStatus.Done, text)
        {
            EmotionProbabilities = new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.8731, [Emotion.Surprise] = 0.1269 },
        });
        var export = await AnalysisExport.ReadAsync(analysis, folder.Images, AlignmentTables.Shipped, FacialR1.Analysis.Verification.FaceEvidence.None, "http://here/analyses/1", CancellationToken.None);
        return width is { } w ? export with { Picture = new RgbImage(w, w, new byte[w * w * 3]) } : export;
    }

    [Fact]
    public async Task A_report_holds_picture_reasoning_claims_answer_and_notice()
    {
        var page = HtmlReport.Of(await ExportAsync(ScriptedModel.Smile));

        Assert.Contains("The model answers: happiness", page, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,/9j/", page, StringComparison.Ordinal);
        Assert.Contains("AU12 lip corner puller", page, StringComparison.Ordinal);
        Assert.Contains("87.3 %", page, StringComparison.Ordinal);
        Assert.Contains("not how sure the model was of the face", page, StringComparison.Ordinal);
        Assert.Contains("no claim can be verified", page, StringComparison.Ordinal);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(FacialR1.Portal.Features.ResponsibleUse.RulesOfUse.Notice), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_fetches_nothing_and_runs_nothing()
    {
        var page = HtmlReport.Of(await ExportAsync("<think><script>alert(1)</script> AU12 <img src=http://evil onerror=x></think><answer>\"><b>sad</b></answer>", "<svg onload=alert(2)>.jpg"));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<svg onload", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdicts_of_a_report_have_a_sign_and_their_count()
    {
        var export = await ExportAsync(ScriptedModel.Smile);
        var labels = FaceEvidence.Annotated([12]);
        var check = ReasoningCheck.Of(ClaimReader.Read(ScriptedModel.Smile), labels, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes);

        var page = HtmlReport.Of(export with { Check = check });

        Assert.Contains("✓ supported", page, StringComparison.Ordinal);
        Assert.Contains("✗ contradicted", page, StringComparison.Ordinal);
        Assert.Contains($"{check.HallucinatedMentions} of {check.VerifiableMentions} verifiable mentions", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_grows_with_its_words_and_shows_them()
    {
        var shortOne = ImageReader.Read(PictureReport.Of(await ExportAsync(ScriptedModel.Smile)));
        var longOne = ImageReader.Read(PictureReport.Of(await ExportAsync($"<think>{string.Concat(Enumerable.Repeat("the lip corners are pulled up and ", 60))}</think><answer>happiness</answer>")));

        Assert.Equal(1400, shortOne.Width);
        Assert.True(longOne.Height > shortOne.Height, $"{longOne.Height} is not more than {shortOne.Height}");
        // Ink of letters right of the photo: a font that was not found would leave the place white.
        var ink = Enumerable.Range(40, 60).Sum(y => Enumerable.Range(520, 300).Count(x => shortOne.Row(y)[x * 3] < 100));
        Assert.True(ink > 200, $"only {ink} dark pixels where the answer stands");
    }

    [Fact]
    public async Task A_word_without_end_and_a_text_without_end_fit_a_picture()
    {
        var picture = ImageReader.Read(PictureReport.Of(await ExportAsync($"<think>{new string('x', 20_000)}</think><answer>fear</answer>", width: 900)));
        Assert.InRange(picture.Height, 500, 4_000);
    }

    [Fact]
    public async Task The_json_has_faces_claims_alignment_and_omissions()
    {
        var photo = await folder.AddPhotoAsync(faces: new FaceArea(new PixelArea(1, 2, 10, 12), new PixelArea(0, 0, 20, 20), 0.9));
        var analysis = await folder.AddAnalysisAsync(photo, outcome: new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile));

        var document = AnalysisDocument.From(analysis, AlignmentTables.Shipped, null);

        Assert.Equal(new PixelArea(1, 2, 10, 12), Assert.Single(document.Faces).Box);
        Assert.Contains(document.Claims, claim => (string?)claim!["au"] == "AU12");
        Assert.NotNull(document.Alignment["edges"]);
        Assert.Null(document.Omissions);
    }
}
