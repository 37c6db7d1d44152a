using Bunit;
using FacialR1.Portal.Features.Analyze;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace FacialR1.Portal.Tests.Features;

public sealed class AnalyzePageTests : ComponentTest
{
    private bool hasAcknowledged = true;

    private protected override Visitor Visitor => new(ThemeChoice.System, hasAcknowledged);

    private IRenderedComponent<AnalyzePage> Show(string address = "/")
    {
        RenderPopovers();
        Service<NavigationManager>().NavigateTo(address);
        return Render<AnalyzePage>();
    }

    private static InputFileContent File(string name, byte[] content) => InputFileContent.CreateFromBinary(content, name, contentType: "image/png");

    [Fact]
    public void Without_a_checkpoint_the_page_says_so_and_takes_no_photo()
    {
        var shown = Show();

        Assert.Contains("No checkpoint is installed", shown.Markup, StringComparison.Ordinal);
        Assert.Equal("/checkpoints", shown.Find(".mud-alert a").GetAttribute("href"));
        Assert.True(shown.Find("input[type=file]").HasAttribute("disabled"));
    }

    [Fact]
    public void Before_the_rules_are_accepted_there_is_a_form_and_no_upload()
    {
        hasAcknowledged = false;
        Folder.AddCheckpoint("mini");
        var shown = Show("/?seed=4");

        Assert.Empty(shown.FindAll("input[type=file]"));
        Assert.Equal("/responsible-use/acknowledgement", shown.Find("form").GetAttribute("action"));
        Assert.Equal("/?seed=4", shown.Find("input[name=returnTo]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_bad_file_is_named_with_its_reason_and_the_others_go_on()
    {
        Folder.AddCheckpoint("mini");
        var shown = Show();

        shown.FindComponent<InputFile>().UploadFiles(
            File("notes.txt", "this is no picture"u8.ToArray()), File("empty.png", []), File("face.png", PortalFolder.Picture(90)));

        shown.WaitForAssertion(() => Assert.Single(shown.FindAll(".photo-card")), TimeSpan.FromSeconds(60));
        Assert.Contains("face.png", shown.Find(".photo-card").TextContent, StringComparison.Ordinal);
        shown.WaitForAssertion(() => Assert.Equal(2, shown.FindAll(".mud-alert").Count));
        Assert.Contains("notes.txt", shown.FindAll(".mud-alert")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("not a picture", shown.FindAll(".mud-alert")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("empty", shown.FindAll(".mud-alert")[1].TextContent, StringComparison.Ordinal);

        var batch = Guid.Parse(System.Web.HttpUtility.ParseQueryString(new Uri(Service<NavigationManager>().Uri).Query)["batch"]!);
        Assert.Single(await Folder.Store.BatchAsync(batch, CancellationToken.None));
    }

    [Fact]
    public void More_files_than_a_batch_takes_are_counted_in_a_message()
    {
        Folder.AddCheckpoint("mini");
        var shown = Show();

        shown.FindComponent<InputFile>().UploadFiles([.. Enumerable.Range(0, 5).Select(i => File($"{i}.png", PortalFolder.Picture((byte)(40 + i))))]);

        shown.WaitForAssertion(() => Assert.Contains("2 more", shown.Find(".mud-alert").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        Assert.Equal(3, shown.FindAll(".photo-card").Count);
    }

    [Fact]
    public async Task A_photo_without_a_face_is_offered_as_a_whole()
    {
        Folder.AddCheckpoint("mini");
        var photo = await Folder.AddPhotoAsync(batch: Guid.NewGuid());
        var shown = Show($"/?batch={photo.BatchId}");
        Assert.Contains("No face was found", shown.Markup, StringComparison.Ordinal);

        await shown.FindAll("button").Single(button => button.TextContent.Contains("Use the whole picture", StringComparison.Ordinal)).ClickAsync();

        shown.WaitForAssertion(() => Assert.Contains("In the queue", shown.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        var analysis = Assert.Single((await Folder.Store.BatchAsync(photo.BatchId, CancellationToken.None)).Single().Analyses);
        Assert.Null(analysis.FaceIndex);
        Assert.Equal(new PixelArea(0, 0, 40, 30), analysis.Crop);
    }

    [Fact]
    public async Task Choosing_another_face_asks_about_that_one()
    {
        Folder.AddCheckpoint("mini");
        var photo = await Folder.AddPhotoAsync(batch: Guid.NewGuid(), faces: [
            new FaceArea(new PixelArea(10, 6, 20, 15), new PixelArea(8, 4, 24, 24), 0.99), new FaceArea(new PixelArea(0, 0, 8, 8), new PixelArea(0, 0, 12, 12), 0.8)]);
        await Service<AnalysisDesk>().SubmitAsync(photo, 0, "mini", FacialR1.Analysis.DecodingOptions.Greedy, CancellationToken.None);
        var shown = Show($"/?batch={photo.BatchId}");

        await shown.FindAll("button.face-box")[1].ClickAsync();

        shown.WaitForAssertion(() => Assert.Equal("true", shown.FindAll("button.face-box")[1].GetAttribute("aria-pressed")), TimeSpan.FromSeconds(60));
        Assert.Equal([0, 1], (await Folder.Store.BatchAsync(photo.BatchId, CancellationToken.None)).Single().Analyses.Select(analysis => analysis.FaceIndex!.Value));
    }

    [Fact]
    public void Settings_come_from_the_address_within_their_ranges()
    {
        foreach (var name in (string[])["mini", "other"]) Folder.AddCheckpoint(name);
        var settings = Show("/?checkpoint=other&temperature=9&top-p=-1&top-k=5&max-tokens=100000&seed=7&penalty=NaN").FindComponent<SettingsPanel>().Instance.Settings;

        Assert.Equal("other", settings.Checkpoint);
        Assert.Equal(new FacialR1.Analysis.DecodingOptions(RunSettings.MaximumTemperature, 5, RunSettings.MinimumTopP, 1, 0, 1024, 7), settings.Decoding);
    }

    [Fact]
    public async Task Changed_settings_go_into_the_address_and_defaults_leave_it()
    {
        foreach (var name in (string[])["mini", "other"]) Folder.AddCheckpoint(name);
        var shown = Show("/?seed=7");
        var panel = shown.FindComponent<SettingsPanel>();
        var navigation = Service<NavigationManager>();

        await shown.InvokeAsync(() => panel.Instance.SettingsChanged.InvokeAsync(new RunSettings("other", new(Temperature: 0.7))));
        Assert.Equal("?checkpoint=other&temperature=0.7", new Uri(navigation.Uri).Query);

        await shown.InvokeAsync(() => panel.Instance.SettingsChanged.InvokeAsync(new RunSettings("mini", FacialR1.Analysis.DecodingOptions.Greedy)));
        Assert.Equal("", new Uri(navigation.Uri).Query);
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_not_chosen()
    {
        Folder.AddCheckpoint("mini");
        Assert.Equal("mini", Show("/?checkpoint=../../etc").FindComponent<SettingsPanel>().Instance.Settings.Checkpoint);
    }
}
