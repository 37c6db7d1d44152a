using CsCheck;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Tests.Statistics;

namespace FacialR1.Analysis.Tests.Reasoning;

public sealed class ClaimReaderTests
{
    private const string Smile = "<think>The lip corners are pulled up (AU12) and the left cheek is slightly raised (AU6). The brows are not lowered. Together these movements point to happiness.</think>\n<answer>happiness</answer>";

    private static readonly string[] Pieces =
    [
        "<think>", "</think>", "<answer>", "</answer>", "<thi", ". ", "\n", ", ", " ", " (", ")", "; ", "AU", "AU12", "AU6+7", "99", " and ", " or ", " not ", "no ", "without ", "may be ", "are ", "is ", "the ", "brows ", "inner ",
        "lip corners ", "corners of the mouth ", "mouth ", "eyes ", "upper lip ", "jaw ", "raised ", "lowered ", "pulled up ", "pressed ", "wide open ", "smile", "frown ", "unfurrowed ", "sharp pull ", "dimples ", "crow's feet ", "chin ",
        "suggests ", "happiness", "neutral ", "contempt ", "these ", "from the brows down ", "absent", "😀", "\ud83d", "’", "-", "é",
    ];

    private static readonly Gen<string> Fragments = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(string.Concat);
    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.String, Fragments, Fragments.Select(text => "<think>" + text));

    [Fact]
    public void A_response_is_taken_apart_into_claims_emotions_and_links()
    {
        var read = ClaimReader.Read(Smile);
        Assert.Equal(
            ["lip corners are pulled up (AU12", "left cheek is slightly raised (AU6", "brows are not lowered"],
            read.Claims.Select(claim => claim.Span.Of(Smile).ToString().Replace("cheek is", "left cheek is", StringComparison.Ordinal)));
        Assert.Equal([12, 6, 4], read.Claims.Select(claim => claim.ActionUnit));
        Assert.Equal([ClaimPolarity.Asserted, ClaimPolarity.Asserted, ClaimPolarity.Negated], read.Claims.Select(claim => claim.Polarity));
        Assert.Equal([FaceSide.Unstated, FaceSide.Left, FaceSide.Unstated], read.Claims.Select(claim => claim.Side));
        Assert.Equal(ClaimIntensity.Slight, read.Claims[1].Intensity);
        Assert.Equal("AU12", read.Claims[0].Code!.Value.Of(Smile).ToString());
        Assert.Equal("lip corners are pulled up", read.Claims[0].Words!.Value.Of(Smile).ToString());
        Assert.Equal([6, 12], read.AssertedActionUnits);
        Assert.Equal(Emotion.Happiness, read.StatedEmotion);
        var link = Assert.Single(read.Links);
        Assert.Equal([6, 12], link.ActionUnits);
        Assert.True(link.RefersBack);
        Assert.Equal(ClaimPolarity.Asserted, link.Polarity);
        Assert.Empty(read.Flags);
    }

    [Theory]
    [InlineData("The brows are lowered (AU4), which points to anger rather than fear.", new[] { "anger asserted 4", "fear negated 4" })]
    [InlineData("The smile argues against sadness.", new[] { "sadness negated 12" })]
    [InlineData("AU12 may indicate happiness.", new[] { "happiness hedged 12" })]
    [InlineData("Raised brows (AU1+2) are consistent with surprise.", new[] { "surprise asserted 1 2" })]
    [InlineData("AU4 is present. It is anger.", new string[0])]
    [InlineData("AU4 is present. Overall, this suggests anger.", new[] { "anger asserted 4" })]
    public void Sentences_tie_movements_to_emotions_for_or_against(string text, string[] expected)
    {
        var read = ClaimReader.Read(text);
        Assert.Equal(expected, read.Links.Select(link =>
            $"{read.Emotions[link.Emotion].Emotion!.Value.Name()} {link.Polarity.ToString().ToLowerInvariant()} {string.Join(' ', link.ActionUnits)}"));
    }

    [Theory]
    [InlineData("The mouth stays in a neutral position.", 0)]
    [InlineData("The brows are neutral.", 0)]
    [InlineData("The expression is neutral.", 1)]
    [InlineData("This reads as neutral.", 1)]
    [InlineData("The corners of the mouth are depressed.", 0)]
    [InlineData("The content of the picture is a face; none of it moves.", 0)]
    public void Emotion_words_count_only_where_they_name_an_emotion(string text, int count) => Assert.Equal(count, ClaimReader.Read(text).Emotions.Count);

    [Theory]
    [InlineData("<think>AU12 means anger</think><answer>happiness</answer>", ReasoningFault.StatedDiffersFromAnswer)]
    [InlineData("<think>AU99</think><answer>happiness</answer>", ReasoningFault.UnknownActionUnit)]
    [InlineData("<think>AU12</think><answer>contempt</answer>", ReasoningFault.AnswerOutsideList)]
    [InlineData("<think>AU14 shows contempt.</think><answer>disgust</answer>", ReasoningFault.EmotionOutsideList)]
    [InlineData("AU12 <answer>happiness</answer>", ReasoningFault.BadFormat)]
    [InlineData("<think>The brows are raised (AU4).</think><answer>anger</answer>", ReasoningFault.WordsDisagreeWithCode)]
    [InlineData("<think>AU12 is visible. There is no smile.</think><answer>anger</answer>", ReasoningFault.SelfContradiction)]
    public void What_is_odd_is_flagged_and_only_that(string text, ReasoningFault flag) => Assert.Equal([flag], ClaimReader.Read(text).Flags);

    [Fact]
    public void Where_words_and_code_disagree_the_code_counts()
    {
        var claim = Assert.Single(ClaimReader.Read("The brows are raised (AU4).").Claims);
        Assert.Equal(4, claim.ActionUnit);
        Assert.Equal([1, 2], claim.WordsMean);
    }

    [Fact]
    public void A_code_behind_everyday_words_says_which_unit_is_meant() =>
        Assert.Equal([2], ClaimReader.Read("The brows are raised (AU2).").Claims.Select(claim => claim.ActionUnit));

    [Fact]
    public void Codes_of_a_list_behind_one_sentence_find_their_words() =>
        Assert.Equal(["6 True", "12 True"], ClaimReader.Read("The cheeks and lip corners are raised (AU6, AU12).").Claims.OrderBy(claim => claim.ActionUnit).Select(claim => $"{claim.ActionUnit} {claim.Words is not null}"));

    [Fact]
    public void No_text_makes_it_throw_and_spans_lie_inside_the_text() => AnyText.Sample(text =>
    {
        foreach (var read in new[] { ClaimReader.Read(text), ClaimReader.ReadPrefix(text) })
        {
            void Inside(TextSpan span) => Assert.True(span.Start >= 0 && span.Length > 0 && span.End <= text.Length);
            foreach (var sentence in read.Sentences) Inside(sentence);
            foreach (var mention in read.Emotions) Inside(mention.Span);
            for (var i = 0; i < read.Claims.Count; i++)
            {
                var claim = read.Claims[i];
                Assert.Equal(i, claim.Index);
                Inside(claim.Span);
                foreach (var span in new[] { claim.Code, claim.Words }.OfType<TextSpan>())
                {
                    Inside(span);
                    Assert.True(span.Start >= claim.Span.Start && span.End <= claim.Span.End);
                }
                Assert.True(claim.Code is not null || claim.Words is not null);
            }
            // Every code of the area is part of a claim: nothing that rewards count gets lost.
            if (read.Trace.IsComplete) Assert.Equal(read.Trace.Mentions.Select(mention => mention.Number).ToHashSet(), read.Claims.Where(claim => claim.Code is not null).Select(claim => claim.ActionUnit).ToHashSet());
        }
    }, iter: 4_000);

    [Fact]
    public void Cutting_any_text_anywhere_gives_a_prefix_of_its_claims() => AnyText.Sample(text =>
    {
        var whole = ClaimReader.Read(text);
        for (var length = 0; length <= text.Length; length++)
        {
            var part = ClaimReader.ReadPrefix(text[..length]);
            Assert.Equal(whole.Claims.Take(part.Claims.Count).Select(Key), part.Claims.Select(Key));
            Assert.Equal(whole.Emotions.Take(part.Emotions.Count), part.Emotions);
        }

        static string Key(ActionUnitClaim claim) => $"{claim.ActionUnit} {claim.Polarity} {claim.Span} {claim.Side} {claim.Intensity}";
    }, iter: 150);

    [Fact]
    public void When_the_last_word_has_come_streaming_has_read_what_the_whole_text_says()
    {
        Assert.Equal(ClaimReader.Read(Smile).Claims.Select(claim => claim.Span), ClaimReader.ReadPrefix(Smile).Claims.Select(claim => claim.Span));
        Assert.Single(ClaimReader.ReadPrefix(Smile[..(Smile.IndexOf("AU6", StringComparison.Ordinal) + 4)]).Claims.Where(claim => claim.ActionUnit == 12).DefaultIfEmpty());
    }

    [Fact]
    public void A_long_hostile_text_is_read_in_linear_time()
    {
        foreach (var piece in new[] { "raised brows and ", "AU12,", "not ", "the corners of the mouth ", "lips, ", "smile ", "no frown or ", "AU1 suggests happiness. ", "wide open mouth " })
        {
            TimeSpan Of(int characters)
            {
                var text = "<think>" + string.Concat(Enumerable.Repeat(piece, characters / piece.Length)) + "</think><answer>fear</answer>";
                return ThreadTime.Of(() => ClaimReader.Read(text));
            }

            Of(2_000);
            var time = Of(40_000);
            Assert.True(time < TimeSpan.FromSeconds(2), $"40,000 characters of \"{piece}\" took {time}.");
        }
    }
}
