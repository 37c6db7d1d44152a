using Bunit;
using CsCheck;
using FacialR1.Portal.Features.Checkpoints;
using FacialR1.Portal.Features.History;
using FacialR1.Portal.Features.Markdown;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features;

public sealed class HistoryAndTextTests : ComponentTest
{
    private IRenderedComponent<HistoryPage> Show(string address)
    {
        Service<NavigationManager>().NavigateTo(address);
        return Render<HistoryPage>();
    }

    [Fact]
    public void An_empty_history_offers_the_next_step() =>
        Assert.Equal("/", Show("/history").Find(".page-message a").GetAttribute("href"));

    [Fact]
    public async Task The_history_lists_answers_with_links_and_pages()
    {
        for (var i = 0; i < 25; i++)
            await Folder.AddAnalysisAsync(name: $"photo {i}.jpg", outcome: new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile) { Emotion = "happiness", ActionUnits = "AU6 AU12" });

        var shown = Show("/history");
        Assert.Equal(24, shown.FindAll(".history li").Count);
        Assert.Contains("photo 24.jpg", shown.Find(".history li").TextContent, StringComparison.Ordinal);
        Assert.Contains("happiness", shown.Find(".history li").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("/history?page=2", shown.Find(".pages a").GetAttribute("href"), StringComparison.Ordinal);

        var second = Show("/history?page=2");
        Assert.Contains("photo 0.jpg", Assert.Single(second.FindAll(".history li")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_without_hits_names_what_was_searched()
    {
        await Folder.AddAnalysisAsync();
        Assert.Contains("“<i>nobody</i>”", Show("/history?search=%3Ci%3Enobody%3C%2Fi%3E").Find("h2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_show_their_card_as_text_with_structure_and_never_as_html()
    {
        Folder.AddCheckpoint("mini", "# Mini\n\nA **small** model, `x`, [site](https://example.org) [bad](javascript:alert(1)).\n\n<script>alert(1)</script>\n\n## Scores\n\n| a | b |\n|---|---|\n| 1 | <b>2</b> |\n\n- one\n- two\n");
        var shown = Render<CheckpointsPage>();

        Assert.Contains("Mini", shown.Find("h2").TextContent, StringComparison.Ordinal);
        Assert.Equal("Scores", shown.Find(".prose h3").TextContent);
        Assert.Equal("small", shown.Find(".prose strong").TextContent);
        Assert.Equal(["1", "<b>2</b>"], shown.FindAll(".prose td").Select(cell => cell.TextContent));
        Assert.Equal(2, shown.FindAll(".prose li").Count);
        Assert.Equal("https://example.org", Assert.Single(shown.FindAll(".prose a")).GetAttribute("href"));
        Assert.Empty(shown.FindAll("script, b"));
        shown.WaitForAssertion(() => Assert.Equal(64, shown.Find(".hash").TextContent.Length), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Any_text_can_be_read_as_markdown_and_no_letter_is_lost() => Gen.String[Gen.Char["ab*`|#-[]()<>\n 1."], 0, 80].Sample(text =>
    {
        static IEnumerable<string> Words(MarkdownBlock block) => block switch
        {
            HeadingBlock heading => heading.Text.Select(span => span.Text),
            ParagraphBlock paragraph => paragraph.Text.Select(span => span.Text),
            CodeBlock code => [code.Text],
            ListBlock list => list.Items.SelectMany(item => item).Select(span => span.Text),
            _ => [],
        };
        var blocks = MarkdownText.Parse(text);
        if (blocks.Any(block => block is TableBlock) || text.Contains("---", StringComparison.Ordinal) || text.Contains("```", StringComparison.Ordinal)) return;
        Assert.Equal(text.Count(char.IsAsciiLetter), string.Concat(blocks.SelectMany(Words)).Count(char.IsAsciiLetter));
    });
}
