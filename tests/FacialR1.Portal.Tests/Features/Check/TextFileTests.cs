using System.Text;
using Bunit;
using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Features.Check;
using Microsoft.AspNetCore.Components.Forms;

namespace FacialR1.Portal.Tests.Features.Check;

public sealed class TextFileTests : ComponentTest
{
    private const string Lines = """
        {"text":"The lip corners are pulled up (AU12). <answer>happiness</answer>","actionUnits":["AU6"],"sample":"one"}

        "Nothing here."
        {"no":"text"}
        not json
        """;

    [Fact]
    public void Every_line_is_checked_and_a_bad_one_stops_nothing()
    {
        var lines = TextFile.Read(Lines, AlignmentTables.Shipped);

        Assert.Equal([1, 3, 4, 5], lines.Select(line => line.Line));
        Assert.Equal("one", lines[0].Title);
        Assert.Equal(1, lines[0].Check!.HallucinatedMentions);
        Assert.Empty(lines[1].Check!.Claims);
        Assert.Contains("text", lines[2].Problem, StringComparison.Ordinal);
        Assert.Contains("JSON", lines[3].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_and_one_with_too_many_texts_say_what_to_do()
    {
        Assert.Contains("empty", Assert.Throws<FormatException>(() => TextFile.Read(" \n\n", AlignmentTables.Shipped)).Message, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Repeat("\"x\"\n", TextFile.MostTexts + 1));
        Assert.Contains("Split it", Assert.Throws<FormatException>(() => TextFile.Read(many, AlignmentTables.Shipped)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_gives_a_list_with_rates_and_the_first_text_in_the_linked_view()
    {
        var page = Render<CheckPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(Encoding.UTF8.GetBytes(Lines), "texts.jsonl"));

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll(".text-list tbody tr").Count));
        Assert.Contains("hallucination 100.0 % of 1 verifiable mentions", page.Markup, StringComparison.Ordinal);
        Assert.Contains("AU12", page.Find(".linked .unit-chip").TextContent, StringComparison.Ordinal);
        page.FindAll(".text-list button")[1].Click();
        Assert.Contains("Nothing here.", page.Find(".linked .reasoning").TextContent, StringComparison.Ordinal);
    }
}
