using Bunit;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.SideBySide;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features.SideBySide;

public sealed class SideBySideTests : ComponentTest
{
    private const string Frown = "<think>The cheeks are raised (AU6). The brows are lowered (AU4).</think>\n<answer>anger</answer>";

    private static ReasoningCheck Check(string text) => ReasoningCheck.Of(ClaimReader.Read(text), FaceEvidence.None, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes);

    private async Task<AnalysisRecord> AnswerAsync(PhotoRecord photo, string checkpoint, string text)
    {
        var analysis = await Folder.Store.AddAnalysisAsync(PortalFolder.Picture(20), hash => new AnalysisRecord
        {
            PhotoId = photo.Id, Crop = new PixelArea(0, 0, 40, 30), CropHash = hash, Checkpoint = checkpoint, Decoding = FacialR1.Analysis.DecodingOptions.Greedy, CreatedAt = Folder.Clock.GetUtcNow(),
        }, CancellationToken.None);
        await Folder.Store.FinishAsync(analysis.Id, new AnalysisOutcome(AnalysisStatus.Done, text), Folder.Clock.GetUtcNow(), CancellationToken.None);
        return analysis;
    }

    [Fact]
    public void A_unit_that_one_text_leaves_out_or_denies_differs_and_one_that_all_claim_does_not()
    {
        var rows = UnitDifference.Of([Check(ScriptedModel.Smile), Check(Frown), Check("<think>The cheeks are raised (AU6), but the lip corners are not pulled up (AU12).</think><answer>neutral</answer>")]);

        Assert.Equal([4, 6, 12], rows.Select(row => row.Unit));
        Assert.Equal([true, false, true], rows.Select(row => row.Differs));
        Assert.Null(rows[0].Said[0]);
        Assert.Equal(ClaimPolarity.Negated, rows[2].Said[2]!.Polarity);
    }

    [Fact]
    public async Task Stored_answers_of_the_chosen_checkpoints_stand_side_by_side_with_their_differences()
    {
        Folder.AddCheckpoint("mini");
        Folder.AddCheckpoint("other");
        var photo = await Folder.AddPhotoAsync();
        var first = await AnswerAsync(photo, "mini", ScriptedModel.Smile);
        await AnswerAsync(photo, "other", Frown);
        Service<NavigationManager>().NavigateTo($"/side-by-side?analysis={first.Id}&checkpoints=mini,other");

        var page = Render<SideBySidePage>();

        page.WaitForAssertion(() => Assert.Equal(["mini", "other"], page.FindAll(".side-column h2").Select(title => title.TextContent)));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".difference-table tr.differs").Count));
        Assert.Contains("happiness", page.Find(".difference-table tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("anger", page.Find(".difference-table tbody tr").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Ask ", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_a_link_asks_nothing_and_the_button_asks_only_what_is_missing()
    {
        Folder.AddCheckpoint("mini");
        Folder.AddCheckpoint("other");
        var photo = await Folder.AddPhotoAsync();
        var first = await AnswerAsync(photo, "mini", ScriptedModel.Smile);
        Service<NavigationManager>().NavigateTo($"/side-by-side?analysis={first.Id}&checkpoints=mini,other");

        var page = Render<SideBySidePage>();
        Assert.Single((await Folder.Store.BatchAsync(photo.BatchId, CancellationToken.None))[0].Analyses);

        page.FindAll("button").Single(button => button.TextContent.Contains("Ask other", StringComparison.Ordinal)).Click();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".side-column").Count));
        var asked = (await Folder.Store.BatchAsync(photo.BatchId, CancellationToken.None))[0].Analyses;
        Assert.Equal(["mini", "other"], asked.Select(analysis => analysis.Checkpoint).Order());
    }

    [Fact]
    public async Task Never_more_than_four_and_an_unknown_name_is_said()
    {
        Folder.AddCheckpoint("mini");
        var first = await AnswerAsync(await Folder.AddPhotoAsync(), "mini", ScriptedModel.Smile);
        Service<NavigationManager>().NavigateTo($"/side-by-side?analysis={first.Id}&checkpoints=mini,a,b,c,d");

        var page = Render<SideBySidePage>();

        Assert.Contains("no checkpoint “c”", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("“d”", page.Markup, StringComparison.Ordinal);
    }
}
