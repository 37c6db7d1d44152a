using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FacialR1.Analysis;
using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Hosting;

public sealed partial class EndpointTests
{
    [Theory]
    [InlineData("/", "Analyze a face")]
    [InlineData("/history", "Nothing was analysed yet")]
    [InlineData("/checkpoints", "No checkpoint is installed")]
    [InlineData("/responsible-use", "Responsible use")]
    [InlineData("/about", "withdrawn")]
    public async Task Every_page_answers_without_a_checkpoint_and_carries_the_security_headers(string address, string words)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var response = await portal.Visitor().GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(words, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Pages_hold_no_inline_script_and_name_no_other_host()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var page = await portal.Visitor().GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.DoesNotContain(ScriptTag().Matches(page), tag => !tag.Value.Contains("src=", StringComparison.Ordinal));
        Assert.DoesNotContain(LoadedAddress().Matches(page), address => address.Groups[1].Value.Contains("//", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/analyses/00000000-0000-0000-0000-000000000001")]
    public async Task What_does_not_exist_is_a_friendly_404(string address)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var response = await portal.Visitor().GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no such page", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/site.css", "text/css")]
    [InlineData("/theme.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css", "text/css")]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/Features/Analyze/PhotoDrop.razor.js", "text/javascript")]
    public async Task Every_file_a_page_needs_is_served_here(string address, string type)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var response = await portal.Visitor().GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Health_says_whether_there_is_a_checkpoint_to_ask()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var visitor = portal.Visitor();
        Assert.Equal("Degraded", JsonDocument.Parse(await visitor.GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement.GetProperty("status").GetString());

        portal.AddCheckpoint("mini");
        Assert.Equal("Healthy", JsonDocument.Parse(await visitor.GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/images/..%2F..%2Fappsettings.json")]
    [InlineData("/images/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/images/0000000000000000000000000000000000000000000000000000000000000000/thumbnail")]
    [InlineData("/samples/..%2Fportal.db")]
    [InlineData("/api/analyses/00000000-0000-0000-0000-000000000001")]
    public async Task Pictures_and_data_that_do_not_exist_are_not_found(string address)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        Assert.Equal(HttpStatusCode.NotFound, (await portal.Visitor().GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task An_analysis_can_be_read_as_a_page_as_json_and_its_pictures_as_files()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(ScriptedModel.Smile));
        portal.AddCheckpoint("mini");
        var visitor = portal.Visitor();
        var intake = portal.Services.GetRequiredService<PhotoIntake>();
        var photo = await intake.TakeAsync(PortalFolder.Picture(80), "<b>my face</b>.png", Guid.NewGuid(), LegalBasis.OwnPhoto, null, CancellationToken.None);
        var id = await portal.Services.GetRequiredService<AnalysisDesk>().SubmitAsync(photo, null, "mini", DecodingOptions.Greedy, CancellationToken.None);
        var analysis = await FinishedAsync(portal, id);

        var json = JsonDocument.Parse(await visitor.GetStringAsync(new Uri($"/api/analyses/{id}", UriKind.Relative))).RootElement;
        Assert.Equal("<b>my face</b>.png", json.GetProperty("image").GetString());
        Assert.Equal("happiness", json.GetProperty("emotion").GetString());
        Assert.Equal("happiness", json.GetProperty("answer").GetString());
        Assert.Equal(["AU6", "AU12"], json.GetProperty("actionUnits").EnumerateArray().Select(unit => unit.GetString()!));
        Assert.Equal(0.75, json.GetProperty("emotionProbabilities").GetProperty("happiness").GetDouble());
        Assert.StartsWith("The cheeks are raised", json.GetProperty("reasoning").GetString(), StringComparison.Ordinal);
        Assert.True(json.GetProperty("formatOk").GetBoolean());
        Assert.Equal((11, "Done"), (json.GetProperty("tokens").GetInt32(), json.GetProperty("status").GetString()));

        var page = await visitor.GetStringAsync(new Uri($"/analyses/{id}", UriKind.Relative));
        Assert.Contains("&lt;b&gt;my face&lt;/b&gt;.png", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>my face", page, StringComparison.Ordinal);

        foreach (var (address, type) in new[] { ($"/images/{photo.Hash}", "image/jpeg"), ($"/images/{analysis.CropHash}", "image/png"), ($"/images/{analysis.CropHash}/thumbnail", "image/jpeg") })
            Assert.Equal(type, (await visitor.GetAsync(new Uri(address, UriKind.Relative))).Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Accepting_the_rules_is_remembered_for_this_browser_only()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        portal.AddCheckpoint("mini");
        var visitor = portal.Visitor();
        var before = await visitor.GetStringAsync(new Uri("/?seed=3", UriKind.Relative));
        Assert.Contains("Before your first photo", before, StringComparison.Ordinal);

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(before).Groups[1].Value, ["returnTo"] = "/?seed=3",
        });
        var posted = await visitor.PostAsync(new Uri(Acknowledgement.PostAddress, UriKind.Relative), form);

        Assert.Equal("/?seed=3", posted.Headers.Location!.ToString());
        Assert.DoesNotContain("Before your first photo", await visitor.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("Before your first photo", await portal.Visitor().GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData(@"/\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("")]
    public async Task The_way_back_never_leaves_the_portal(string returnTo)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var visitor = portal.Visitor();
        var page = await visitor.GetStringAsync(new Uri("/", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value, ["returnTo"] = returnTo });

        Assert.Equal("/", (await visitor.PostAsync(new Uri(Acknowledgement.PostAddress, UriKind.Relative), form)).Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["returnTo"] = "/" });

        var response = await portal.Visitor().PostAsync(new Uri(Acknowledgement.PostAddress, UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("dark", "data-theme=\"dark\"")]
    [InlineData("light", "data-theme=\"light\"")]
    [InlineData("\"><script>", "lang=\"en\">")]
    public async Task The_chosen_colours_are_there_with_the_first_byte(string cookie, string expected)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/about");
        request.Headers.Add("Cookie", $"facialr1-theme={Uri.EscapeDataString(cookie)}");

        Assert.Contains(expected, await (await portal.Visitor().SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_out_of_range_stops_the_start_and_is_named()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering("")).WithWebHostBuilder(host => host.UseSetting("Inference:QueueLength", "0"));
        Assert.Contains("QueueLength", Assert.ThrowsAny<Exception>(() => portal.CreateClient()).ToString(), StringComparison.Ordinal);
    }

    private static async Task<AnalysisRecord> FinishedAsync(PortalFactory portal, Guid id)
    {
        var store = portal.Services.GetRequiredService<AnalysisStore>();
        for (var attempt = 0; attempt < 3_000; attempt++)
        {
            if (await store.FindAsync(id, CancellationToken.None) is { } analysis && analysis.Status.IsFinished()) return analysis;
            await Task.Delay(20);
        }
        throw new TimeoutException();
    }

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex ScriptTag();

    [GeneratedRegex("""(?:src|<link[^>]*href)="([^"]*)"[^>]*>""")]
    private static partial Regex LoadedAddress();

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
