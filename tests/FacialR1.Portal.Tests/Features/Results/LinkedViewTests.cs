using Bunit;
using FacialR1.Analysis.Facs;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features.Results;

public sealed class LinkedViewTests : ComponentTest
{
    private async Task<AnalysisRecord> SmileAsync()
    {
        var photo = await Folder.AddPhotoAsync(faces: new FaceArea(new PixelArea(10, 5, 20, 20), new PixelArea(5, 0, 30, 30), 0.9));
        var analysis = await Folder.Store.AddAnalysisAsync(PortalFolder.Picture(20), hash => new AnalysisRecord
        {
            PhotoId = photo.Id, FaceIndex = 0, Crop = new PixelArea(5, 0, 30, 30), CropHash = hash, Checkpoint = "mini", Decoding = FacialR1.Analysis.DecodingOptions.Greedy, CreatedAt = Folder.Clock.GetUtcNow(),
        }, CancellationToken.None);
        await Folder.Store.FinishAsync(analysis.Id, new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile), Folder.Clock.GetUtcNow(), CancellationToken.None);
        return analysis;
    }

    private IRenderedComponent<AnalysisPage> Open(Guid id, string query = "")
    {
        Service<NavigationManager>().NavigateTo(AnalysisPage.Link(id) + query);
        return Render<AnalysisPage>(parameters => parameters.Add(page => page.Id, id));
    }

    [Fact]
    public async Task Claimed_units_have_a_region_on_the_photo_and_no_other_has()
    {
        var page = Open((await SmileAsync()).Id);

        page.WaitForAssertion(() => Assert.Equal(["6", "12"], page.FindAll(".region").Select(region => region.GetAttribute("data-au")!)));
        Assert.Contains("Lip corners: AU12 lip corner puller", page.FindAll(".region")[1].GetAttribute("aria-label")!, StringComparison.Ordinal);
        Assert.Contains("estimated points", page.Find(".overlay-switches").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_held_on_the_photo_is_held_in_the_text_and_in_the_address()
    {
        var page = Open((await SmileAsync()).Id);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".region")));

        page.FindAll(".region")[1].KeyDown("Enter");

        Assert.EndsWith("?au=12", Service<NavigationManager>().Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("12", page.Find(".linked-view").GetAttribute("data-pinned")));
        page.WaitForAssertion(() => Assert.Equal("true", page.Find(".unit-chip[data-au='12']").GetAttribute("aria-pressed")));
    }

    [Fact]
    public async Task An_address_brings_back_unit_and_overlays_and_nonsense_in_it_is_ignored()
    {
        var id = (await SmileAsync()).Id;
        var page = Open(id, "?au=6&overlays=boxes");

        Assert.Equal("6", page.Find(".linked-view").GetAttribute("data-pinned"));
        Assert.Empty(page.FindAll(".region"));
        Assert.Equal("false", page.FindAll(".overlay-switches button")[1].GetAttribute("aria-pressed"));
        Assert.Null(Open(id, "?au=999&overlays=<b>").Find(".linked-view").GetAttribute("data-pinned"));
    }

    [Fact]
    public void Every_part_of_the_face_has_a_place_and_a_name()
    {
        foreach (var region in Enum.GetValues<FaceRegion>())
        {
            Assert.All(RegionTemplate.Of(region), shape => Assert.True(shape is { RadiusX: > 0, RadiusY: > 0, X: > 0 and < 1 }));
            Assert.Equal(RegionTemplate.Name(region), RegionTemplate.Name(region).ToLowerInvariant());
        }
    }
}
