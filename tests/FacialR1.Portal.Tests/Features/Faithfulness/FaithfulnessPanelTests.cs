using Bunit;
using FacialR1.Portal.Features.Faithfulness;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features.Faithfulness;

public sealed class FaithfulnessPanelTests : ComponentTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Folder.AddCheckpoint("mini");
    }

    private async Task<IRenderedComponent<AnalysisPage>> OpenAsync(IReasoningModelFactory? models, string query = "")
    {
        Factory = models;
        var photo = await Folder.AddPhotoAsync(faces: new FaceArea(new PixelArea(10, 5, 20, 20), new PixelArea(5, 0, 30, 30), 0.9));
        var analysis = await Folder.AddAnalysisAsync(photo, cropShade: 200, outcome: new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile));
        Service<NavigationManager>().NavigateTo(AnalysisPage.Link(analysis.Id) + query);
        return Render<AnalysisPage>(parameters => parameters.Add(page => page.Id, analysis.Id));
    }

    [Fact]
    public async Task A_checkpoint_that_only_answers_gets_no_panels_and_a_reason()
    {
        var page = await OpenAsync(null);
        page.WaitForAssertion(() => Assert.Contains("no heat map", page.Find(".probes").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".probe"));
    }

    [Fact]
    public async Task Covering_a_part_shows_the_probabilities_beside_the_original_and_stays_in_the_address()
    {
        var page = await OpenAsync(new ProbedModel());
        page.WaitForAssertion(() => Assert.Equal(8, page.FindAll(".part-buttons button").Count));

        await page.FindAll(".part-buttons button")[2].ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("Covered, written anew", page.Find(".shift-table").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Contains("cover=upper-left", Service<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal("true", page.FindAll(".photo-frame .cover-part")[2].GetAttribute("aria-pressed"));
        Assert.Equal(8, page.FindAll(".photo-frame .cover-part[tabindex='0'][role=button]").Count);
    }

    [Fact]
    public async Task A_map_in_the_address_waits_for_a_press_and_is_drawn_with_its_table()
    {
        var page = await OpenAsync(new ProbedModel { Looks = (0.25, 0.4) }, "?look=mean&of=7-20");
        page.WaitForAssertion(() => Assert.Contains("Compute the map", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".heat"));

        await page.FindAll("button").Single(button => button.TextContent.Contains("Compute the map", StringComparison.Ordinal)).ClickAsync(new());

        page.WaitForAssertion(() => Assert.Equal(8, page.FindAll(".photo-frame polygon.heat").Count), TimeSpan.FromSeconds(30));
        page.WaitForAssertion(() => Assert.Contains("the mean colour of the crop", page.Markup, StringComparison.Ordinal));
        Assert.Equal(8, page.FindAll("[aria-label='What covering each part changes'] tbody tr").Count);
    }

    [Fact]
    public async Task A_claim_left_out_is_asked_at_once_and_the_change_has_a_name_in_the_address()
    {
        var page = await OpenAsync(new ProbedModel());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".claim-list button")));

        await page.FindAll(".claim-list button")[0].ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("So it goes.", page.Find(".continued strong").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Contains("change=", Service<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Contains("The answer stays happiness.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_makes_no_sense_is_read_as_nothing_chosen()
    {
        var choice = new ProbeChoice();
        choice.Take("<b>", "9-3", "nose,<script>", "x", "../secret");
        Assert.Equal((LookMethod.None, null, Filling.Blur, null), (choice.Look, choice.Of, choice.Filling, choice.Change));
        Assert.Equal(["nose"], choice.Covered);
    }
}
