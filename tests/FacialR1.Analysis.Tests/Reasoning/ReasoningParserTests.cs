using CsCheck;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Tests.Statistics;

namespace FacialR1.Analysis.Tests.Reasoning;

public sealed class ReasoningParserTests
{
    private const string Good = "<think>The lip corners are pulled up (AU12) and the cheeks rise (AU6).</think>\n<answer>happiness</answer>";

    private static readonly string[] Pieces =
    [
        "<think>", "</think>", "<answer>", "</answer>", "<THINK>", "<thi", "</ans", "<", ">", "\n", " ", "AU", "au ", "AU-", "action units ", "12", "6", "7", "999", ",", "+", "/",
        " and ", " & ", ".5", "%", "happiness", "Angry.", "contempt", "the brow", "é", "😀", "\ud83d", "٣", "\0",
    ];

    /// <summary>Texts made of the pieces that matter, in any order, so that half of every rule is met by chance.</summary>
    private static readonly Gen<string> Fragments = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 30].Select(string.Concat);

    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.String, Fragments);

    [Fact]
    public void A_good_response_is_read_in_full()
    {
        var trace = ReasoningParser.Parse(Good);
        Assert.True(trace.FormatOk);
        Assert.Equal("The lip corners are pulled up (AU12) and the cheeks rise (AU6).", trace.Think!.Value.Of(Good).ToString());
        Assert.Equal("happiness", trace.AnswerText);
        Assert.Equal(Emotion.Happiness, trace.Emotion);
        Assert.Equal([6, 12], trace.ActionUnits);
        Assert.Equal(["AU12", "AU6"], trace.Mentions.Select(mention => mention.Span.Of(Good).ToString()));
        Assert.False(trace.HasUnknownActionUnit);
        Assert.False(trace.IsAnswerOutsideList);
    }

    [Theory]
    [InlineData(" " + Good)]
    [InlineData(Good + "\n")]
    [InlineData("Sure! " + Good)]
    [InlineData("<think>a</think> so <answer>anger</answer>")]
    [InlineData("<Think>a</Think><answer>anger</answer>")]
    [InlineData("<think>a</think><answer>anger")]
    [InlineData("<think></think><answer>anger</answer>")]
    [InlineData("<think>a</think><answer> </answer>")]
    [InlineData("<think>a<think>b</think></think><answer>anger</answer>")]
    [InlineData("<think>a</think><answer>anger</answer><answer>fear</answer>")]
    [InlineData("<answer>anger</answer><think>a</think>")]
    [InlineData("<think>")]
    [InlineData("")]
    public void Anything_but_one_block_after_the_other_is_bad_format(string text) => Assert.False(ReasoningParser.Parse(text).FormatOk);

    [Theory]
    [InlineData("AU12", new[] { 12 })]
    [InlineData("AU 12", new[] { 12 })]
    [InlineData("AU-12", new[] { 12 })]
    [InlineData("au06", new[] { 6 })]
    [InlineData("AU6+12", new[] { 6, 12 })]
    [InlineData("AU6/12", new[] { 6, 12 })]
    [InlineData("AU6+AU12", new[] { 6, 12 })]
    [InlineData("AU1, AU2 and AU5", new[] { 1, 2, 5 })]
    [InlineData("AUs 6, 7, and 12", new[] { 6, 7, 12 })]
    [InlineData("action units 6 and 12", new[] { 6, 12 })]
    [InlineData("Action Unit 6 & 12.", new[] { 6, 12 })]
    [InlineData("(AU25).", new[] { 25 })]
    [InlineData("AU12, 5% of faces", new[] { 12 })]
    [InlineData("AU12, 1.5 seconds", new[] { 12 })]
    [InlineData("AU12 and 100 faces", new[] { 12 })]
    [InlineData("BAU12 plateau 12", new int[0])]
    [InlineData("AU twelve", new int[0])]
    public void Action_units_are_found_in_every_spelling(string spelling, int[] expected) =>
        Assert.Equal(expected, ReasoningParser.Parse($"<think>{spelling}</think><answer>fear</answer>").Mentions.Select(mention => mention.Number));

    [Fact]
    public void Every_number_of_a_list_has_its_own_place()
    {
        var trace = ReasoningParser.Parse("<think>Here AU6 + 12, and 25 show.</think>");
        Assert.Equal(["AU6", "12", "25"], trace.Mentions.Select(mention => mention.Span.Of(trace.Text).ToString()));
    }

    [Fact]
    public void Unknown_units_are_kept_as_mentions_and_flagged()
    {
        var trace = ReasoningParser.Parse("<think>AU12 AU99 AU99999999999</think><answer>happy</answer>");
        Assert.True(trace.HasUnknownActionUnit);
        Assert.Equal([12], trace.ActionUnits);
        Assert.Equal([12, 99, int.MaxValue], trace.Mentions.Select(mention => mention.Number));
    }

    [Fact]
    public void An_answer_outside_the_list_is_flagged_and_no_emotion()
    {
        var trace = ReasoningParser.Parse("<think>a</think><answer>contempt</answer>");
        Assert.True(trace.IsAnswerOutsideList);
        Assert.Null(trace.Emotion);
        Assert.True(trace.FormatOk);
    }

    [Fact]
    public void An_answer_that_was_cut_off_is_no_answer()
    {
        var trace = ReasoningParser.Parse("<think>a</think><answer>happiness");
        Assert.Equal("happiness", trace.AnswerText);
        Assert.False(trace.IsAnswerClosed);
        Assert.Null(trace.Emotion);
    }

    [Fact]
    public void Units_outside_the_think_block_do_not_count_but_a_text_without_tags_is_read_whole()
    {
        Assert.Equal([6], ReasoningParser.Parse("AU1 <think>AU6</think> AU2 <answer>AU4</answer>").ActionUnits);
        Assert.Equal([1, 6], ReasoningParser.Parse("AU1 and AU6 <answer>anger</answer> AU2").ActionUnits);
        Assert.Equal([2], ReasoningParser.Parse("I see AU2.").ActionUnits);
    }

    [Fact]
    public void The_strict_reading_has_the_blind_spots_of_the_reference()
    {
        var spaced = ReasoningParser.StrictReference("<think>AU 12, AU6/7, au4, AU25 AU1</think><answer> Happiness, fear</answer>");
        Assert.Equal([1, 6, 25], spaced.ActionUnits);
        Assert.Equal("Happiness", spaced.Emotion);
        Assert.True(spaced.FormatOk);

        var nested = ReasoningParser.StrictReference("<think><think>AU2</think>x</think>\n<answer>a</answer></answer>");
        Assert.True(nested.FormatOk);
        Assert.Equal([2], nested.ActionUnits);

        var bare = ReasoningParser.StrictReference("AU4 means anger; AU9 too");
        Assert.False(bare.FormatOk);
        Assert.Equal([4, 9], bare.ActionUnits);
        Assert.Equal("AU4", bare.Emotion);
        Assert.Equal("", ReasoningParser.StrictReference("").Emotion);
        Assert.False(ReasoningParser.StrictReference("<think>a</think><answer>b</answer>\n").FormatOk);
        Assert.False(ReasoningParser.StrictReference("<think>a</think> b <answer>c</answer>").FormatOk);
    }

    [Fact]
    public void Every_span_lies_inside_the_text_and_quotes_what_was_read() => AnyText.Sample(text =>
    {
        foreach (var trace in new[] { ReasoningParser.Parse(text), ReasoningParser.ParsePrefix(text) })
        {
            foreach (var span in new[] { trace.Think, trace.Answer }.OfType<TextSpan>()) Assert.True(span.Start >= 0 && span.Length >= 0 && span.End <= text.Length);
            var last = 0;
            foreach (var mention in trace.Mentions)
            {
                Assert.True(mention.Start >= last && mention.Span.End <= text.Length);
                last = mention.Span.End;
                var digits = new string([.. mention.Span.Of(text).ToString().Where(char.IsAsciiDigit)]);
                Assert.Equal(int.TryParse(digits, out var number) ? number : int.MaxValue, mention.Number);
            }
            if (trace.Emotion is not null) Assert.True(trace.IsAnswerClosed);
            Assert.Equal(trace.ActionUnits.Distinct().Order(), trace.ActionUnits);
        }
        ReasoningParser.StrictReference(text);
    }, iter: 20_000);

    [Fact]
    public void Good_format_implies_closed_blocks_and_the_reference_agrees() => Fragments.Sample(text =>
    {
        var trace = ReasoningParser.Parse(text);
        if (!trace.FormatOk) return;
        Assert.True(trace.IsThinkClosed && trace.IsAnswerClosed);
        Assert.True(ReasoningParser.StrictReference(text).FormatOk);
    }, iter: 20_000);

    [Fact]
    public void Cutting_any_text_anywhere_gives_a_prefix_of_its_mentions() => AnyText.Sample(AssertCutsArePrefixes, iter: 3_000);

    [Theory]
    [InlineData("<think>AU6, 12.5 millimetres and AU6, 12% of AU1, 123</think>")]
    [InlineData("I see AU4. <think>AU6</think><answer>fear</answer>")]
    [InlineData("<think>AU6 <answer>fear</answer> AU7</think>")]
    public void Cutting_texts_with_second_thoughts_gives_a_prefix_of_their_mentions(string text) => AssertCutsArePrefixes(text);

    private static void AssertCutsArePrefixes(string text)
    {
        var whole = ReasoningParser.Parse(text).Mentions;
        for (var length = 0; length <= text.Length; length++)
        {
            var part = ReasoningParser.ParsePrefix(text[..length]).Mentions;
            Assert.Equal(whole.Take(part.Count), part);
        }
    }

    [Fact]
    public void While_streaming_no_half_tag_is_shown_and_nothing_read_is_taken_back()
    {
        var shown = 0;
        for (var length = 0; length <= Good.Length; length++)
        {
            var trace = ReasoningParser.ParsePrefix(Good[..length]);
            if (trace.Think is not { } think) continue;
            Assert.DoesNotContain('<', think.Of(Good[..length]).ToString());
            Assert.True(think.Length >= shown);
            shown = think.Length;
        }
        Assert.Equal(Emotion.Happiness, ReasoningParser.ParsePrefix(Good).Emotion);
    }

    [Fact]
    public void A_long_hostile_text_is_read_in_linear_time()
    {
        foreach (var piece in new[] { "<think>", "</think> ", "AU1, ", "AU ", "action   ", "< ", "1,", "</think>\n<answer", "AU" + new string(' ', 40) })
        {
            var text = "<think>" + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)) + "</answer>";
            var time = ThreadTime.Of(() =>
            {
                ReasoningParser.Parse(text);
                ReasoningParser.StrictReference(text);
            });
            Assert.True(time < TimeSpan.FromSeconds(2), $"200,000 characters of \"{piece}\" took {time}.");
        }
    }
}
