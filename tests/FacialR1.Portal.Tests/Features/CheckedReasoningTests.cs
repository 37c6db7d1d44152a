using Bunit;
using CsCheck;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Features.Results;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features;

public sealed class CheckedReasoningTests : ComponentTest
{
    private const string Text = "<think>The lip corners are pulled up (AU12). The inner brows are raised (AU1). AU9 is absent.</think>\n<answer>happiness</answer>";

    private static ReasoningCheck Check(string text, FaceEvidence evidence, Emotion? label = null) =>
        ReasoningCheck.Of(ClaimReader.Read(text), evidence, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes, label);

    private IRenderedComponent<LinkedReasoning> Show(ReasoningCheck check) => Render<LinkedReasoning>(parameters => parameters.Add(view => view.Check, check));

    [Fact]
    public void Each_claim_is_marked_in_the_text_and_has_a_chip_with_its_verdict()
    {
        var shown = Show(Check(Text, FaceEvidence.Annotated([6, 12]), Emotion.Happiness));

        Assert.Equal(["12", "1", "9"], shown.FindAll(".reasoning mark").Select(mark => mark.GetAttribute("data-au")));
        Assert.Equal("lip corners are pulled up (AU12", shown.Find(".reasoning mark").TextContent);
        Assert.Equal(["contradicted", "supported", "supported"], shown.FindAll(".unit-chip svg").Select(glyph => glyph.GetAttribute("aria-label")));
        Assert.Contains("denied", shown.FindAll(".unit-chip")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("against the answer", shown.FindAll(".unit-chip")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("1 of 2 verifiable mentions", shown.Markup, StringComparison.Ordinal);
        Assert.Contains("AU6 cheek raiser", shown.Find(".omissions").TextContent, StringComparison.Ordinal);
        Assert.Contains("right answer for the wrong reasons", shown.Find(".outcome").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_labels_the_view_says_that_nothing_can_be_verified()
    {
        var shown = Show(Check(Text, FaceEvidence.None));
        Assert.Contains("no claim can be verified", shown.Markup, StringComparison.Ordinal);
        Assert.All(shown.FindAll(".unit-chip svg"), glyph => Assert.Equal("unverifiable", glyph.GetAttribute("aria-label")));
        Assert.Empty(shown.FindAll(".outcome"));
    }

    [Fact]
    public async Task A_click_or_Enter_pins_a_unit_everywhere_and_a_second_one_lets_go()
    {
        var shown = Show(Check(Text, FaceEvidence.None));
        await shown.FindAll("button.unit-chip")[2].ClickAsync();
        Assert.Equal("12", shown.Find(".linked").GetAttribute("data-pinned"));
        Assert.Equal("true", shown.Find(".reasoning mark").GetAttribute("aria-pressed"));
        Assert.Equal("0", shown.Find(".reasoning mark").GetAttribute("tabindex"));

        await shown.Find(".reasoning mark").KeyDownAsync(Key.Enter);
        Assert.Null(shown.Find(".linked").GetAttribute("data-pinned"));
    }

    [Fact]
    public void The_graph_has_a_table_with_the_same_weights()
    {
        var shown = Show(Check(Text, FaceEvidence.None));
        Assert.Contains(shown.FindAll("path.edge.against"), edge => edge.GetAttribute("data-au") == "1" && edge.GetAttribute("data-emotion") == "happiness");
        Assert.Contains(shown.FindAll("path.edge.for.to-answer"), edge => edge.GetAttribute("data-au") == "12");
        Assert.Equal(["AU1", "AU12"], shown.Find(".text-twin").QuerySelectorAll("tbody th").Select(cell => cell.TextContent));
        Assert.StartsWith("−", shown.FindAll(".text-twin tbody tr")[0].QuerySelectorAll("td")[(int)Emotion.Happiness].TextContent, StringComparison.Ordinal);
        Assert.Contains("estimated", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_text_says_is_never_markup()
    {
        var shown = Show(Check("<think><script>alert(1)</script> AU12 <img src=x></think>", FaceEvidence.None));
        Assert.Empty(shown.FindAll("script, img"));
    }

    [Fact]
    public void Joined_pieces_are_the_reasoning_whatever_was_written() => Gen.String.Sample(text =>
    {
        foreach (var trace in (ReasoningTrace[])[ReasoningParser.Parse(text + " raised brows, no smile (AU12). "), ReasoningParser.ParsePrefix($"<think>{text}. The brows are raised and drawn together (AU4). AU12 (AU6+7)"), ReasoningParser.Parse($"{text} AU1<answer>sad</answer>")])
        {
            var check = ReasoningCheck.Of(ClaimReader.Read(trace), FaceEvidence.None, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes);
            Assert.Equal(trace.ClaimArea.Of(trace.Text).ToString(), string.Concat(ReasoningPiece.Split(check).Select(piece => piece.Text)));
        }
    });

    [Fact]
    public void A_pasted_text_is_checked_against_the_labels_given()
    {
        Service<NavigationManager>().NavigateTo("/check?units=AU6%2C%20AU12&label=happiness&text=" + Uri.EscapeDataString(Text));
        var shown = Render<CheckPage>();
        Assert.Equal("happiness", shown.Find(".answer-label").TextContent);
        Assert.Contains("1 of 2 verifiable mentions", shown.Markup, StringComparison.Ordinal);
        Assert.Contains("right answer for the wrong reasons", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_cannot_be_read_say_what_is_expected()
    {
        Service<NavigationManager>().NavigateTo("/check?units=AU3&text=AU12");
        Assert.Contains("no known action unit", Render<CheckPage>().Find(".mud-alert").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AU6, AU12", new[] { 6, 12 })]
    [InlineData("6+12", new[] { 6, 12 })]
    [InlineData("none", new int[0])]
    [InlineData(" ", null)]
    public void Labels_are_read_as_people_write_them(string text, int[]? expected) => Assert.Equal(expected, FaceLabels.Units(text));

    [Fact]
    public void A_line_of_a_file_brings_text_labels_and_name()
    {
        var line = FaceLabels.Line("""{"sample":"a","text":"AU12","actionUnits":["AU6","AU12"],"emotion":"joy"}""");
        Assert.Equal("AU12", line.Text);
        Assert.Equal([6, 12], line.Units!);
        Assert.Equal(Emotion.Happiness, line.Label);
        Assert.Equal("a", line.Name);
        Assert.Equal("AU4 is there", FaceLabels.Line("\"AU4 is there\"").Text);
        foreach (var bad in (string[])["[", "{}", "3", """{"text":"a","actionUnits":["AU3"]}"""]) Assert.Throws<FormatException>(() => FaceLabels.Line(bad));
    }

    [Fact]
    public void The_document_has_every_claim_with_place_verdict_and_evidence()
    {
        var document = CheckDocument.From(Check(Text, FaceEvidence.Annotated([6, 12], [1, 6, 12]), Emotion.Happiness));
        var claims = document["claims"]!.AsArray();
        Assert.Equal(["supported", "contradicted", "unverifiable"], claims.Select(claim => claim!["verdict"]!.GetValue<string>()));
        Assert.Null(claims[2]!["evidence"]);
        Assert.Equal(Text[claims[0]!["span"]![0]!.GetValue<int>()..claims[0]!["span"]![1]!.GetValue<int>()], claims[0]!["text"]!.GetValue<string>());
        Assert.Equal("AU6", Assert.Single(document["omissions"]!.AsArray())!.GetValue<string>());
        Assert.Equal("rightForTheWrongReasons", document["outcome"]!.GetValue<string>());
        Assert.Null(CheckDocument.From(Check(Text, FaceEvidence.None))["omissions"]);
    }
}
