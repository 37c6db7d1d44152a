using System.Net;
using System.Text.Json;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Tests.Features.Compare;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Hosting;

public sealed class ComparisonEndpointTests
{
    [Fact]
    public async Task What_the_page_shows_is_exported_and_reported()
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        var paths = portal.Services.GetRequiredService<PortalPaths>();
        ComparedResults.Write(paths, "early", right: 10);
        ComparedResults.Write(paths, "late", right: 30, units: "AU6, AU12");
        var visitor = portal.Visitor();
        Task<string> Get(string address) => visitor.GetStringAsync(new Uri(address, UriKind.Relative));

        var csv = (await Get("/api/comparisons/samples.csv?of=early&of=late&change=fixed&columns=answer,gain")).Split("\r\n");
        Assert.Equal("sample,answer_early,answer_late,gain,text_early,text_late", csv[0]);
        Assert.StartsWith("s10,sadness,happiness,1.3333333333333335,", csv[1], StringComparison.Ordinal);
        Assert.Equal(22, csv.Length);   // a title, twenty that were fixed, the end of the last line
        Assert.Equal(20, (await Get("/api/comparisons/samples.jsonl?of=early&of=late&change=fixed")).TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("PAR1", await Get("/api/comparisons/samples.parquet?of=early&of=late"), StringComparison.Ordinal);
        Assert.Contains("emotion-accuracy,Emotion accuracy,early,late,40,0.25,0.75,0.5,", await Get("/api/comparisons/measures.csv?of=early&of=late"), StringComparison.Ordinal);
        Assert.Equal("bca", JsonDocument.Parse(await Get("/api/comparisons.json?of=early&of=late&intervals=bca")).RootElement.GetProperty("intervals").GetString());

        var report = await Get("/api/comparisons/report.html?of=early&of=late&change=fixed");
        foreach (var words in new[] { "<h1>early → late</h1>", "drawn/test: Made for a test.", "Established better: AU12", "class=\"outcome-flow\"", "20 of the 20 that were shown, of 40", "&lt;script&gt;alert" }) Assert.Contains(words, WebUtility.HtmlDecode(report).Contains(words, StringComparison.Ordinal) ? WebUtility.HtmlDecode(report) : report, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", report, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", report, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/comparisons.json?of=early", "Choose two to 4 results")]
    [InlineData("/api/comparisons.json?of=early&of=..%2F..%2Fappsettings", "There is no result")]
    public async Task What_cannot_be_compared_is_said(string address, string words)
    {
        using var portal = new PortalFactory(ScriptedModel.Answering(""));
        ComparedResults.Write(portal.Services.GetRequiredService<PortalPaths>(), "early", right: 10);
        var response = await portal.Visitor().GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
