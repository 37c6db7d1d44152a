using CsCheck;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Reports;
using FacialR1.Training.Synthesis;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class AcceptanceRuleTests
{
    private const string Good = "<think>From the brows down, the cheeks are raised (AU6) and the lip corners turn upward (AU12). Together these movements point to happiness.</think>\n<answer>happiness</answer>";
    private static readonly ResponseLabels Smile = new(Emotion.Happiness, [6, 12]);
    private static readonly AcceptanceRule Rule = new();

    [Fact]
    public void Composed_reports_are_accepted_for_their_own_labels_and_for_no_others()
    {
        var random = new Random(5);
        for (var seed = 0; seed < 600; seed++)
        {
            int[] units = [.. ActionUnits.FerAu.Where(_ => random.NextDouble() < 0.25)];
            var (emotion, text) = ((Emotion)(seed % 7), ReportComposer.Compose(units, (Emotion)(seed % 7), (ulong)seed));
            Assert.Empty(Rule.Check(text, new ResponseLabels(emotion, units)));
            var other = ActionUnits.FerAu[seed % 15];
            int[] flipped = units.Contains(other) ? [.. units.Where(unit => unit != other)] : [.. units, other];
            Assert.Equal(units.Contains(other) ? RejectionKind.ExtraActionUnit : RejectionKind.MissingActionUnit, Rule.Check(text, new ResponseLabels(emotion, flipped)).Single().Kind);
            Assert.Equal(RejectionKind.WrongEmotion, Rule.Check(text, new ResponseLabels((Emotion)((seed + 1) % 7), units)).Single().Kind);
        }
    }

    [Theory]
    [InlineData("(AU12)", "", "missing AU12")]
    [InlineData("(AU6)", "(AU6) with the brows lowered (AU4)", "extra AU4")]
    [InlineData("(AU6)", "(AU6) and something else (AU99)", "unknown AU99")]
    [InlineData("happiness</answer>", "fear</answer>", "answers fear, the label is happiness|concludes happiness, answers fear")]
    [InlineData("happiness</answer>", "pink</answer>", "the answer \"pink\" is none of the emotions")]
    [InlineData("point to happiness", "point to sadness", "concludes sadness, answers happiness")]
    [InlineData("</think>", "", "not one think block followed by one answer block")]
    [InlineData("Together these", "As required, these", "speaks of its labels: \"As required\"")]
    [InlineData("Together these", "The labels say it, these", "speaks of its labels: \"labels\"")]
    [InlineData("and the lip corners turn upward (AU12)", "and the lip corners do not turn upward (AU12)", "negates AU12")]
    public void What_is_wrong_is_named(string old, string instead, string expected)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        var faults = Rule.Check(Good.Replace(old, instead, StringComparison.Ordinal), Smile);
        Assert.Equal(expected, string.Join('|', faults.Select(fault => fault.Text)));
    }

    [Fact]
    public void An_answer_must_be_whole_and_of_a_sensible_length()
    {
        Assert.Empty(Rule.Check(Good, Smile));
        Assert.Equal([RejectionKind.Truncated], Rule.Check(Good, Smile, isTruncated: true).Select(fault => fault.Kind));
        Assert.Equal("22 words of reasoning, at least 30 are wanted", new AcceptanceRule(LeastWords: 30).Check(Good, Smile).Single().Text);
        Assert.Equal(RejectionKind.TooLong, new AcceptanceRule(MostWords: 10).Check(Good, Smile).Single().Kind);
        Assert.Contains(RejectionKind.Format, Rule.Check("", Smile).Select(fault => fault.Kind));
    }

    [Fact]
    public void Labels_that_are_not_there_are_not_checked()
    {
        Assert.Empty(Rule.Check(Good, new ResponseLabels(null, [6, 12])));
        Assert.Empty(Rule.Check(Good, new ResponseLabels(Emotion.Happiness, null)));
        Assert.Equal("missing AU1", Rule.Check(Good, new ResponseLabels(null, [1, 6, 12])).Single().Text);
    }

    [Fact]
    public void Without_unit_labels_the_units_must_speak_for_the_emotion()
    {
        var frown = ReportComposer.Compose([4, 15], Emotion.Happiness, seed: 3);
        var onlyEmotion = new ResponseLabels(Emotion.Happiness, null);
        var fault = Assert.Single(Rule.Check(frown, onlyEmotion));
        Assert.Equal("AU4, AU15 fits happiness with an F1 of 0.00, at least 0.50 is wanted", fault.Text);
        Assert.Empty(new AcceptanceRule(PrototypeSupport: null).Check(frown, onlyEmotion));
        Assert.Empty(Rule.Check(ReportComposer.Compose([4, 15], Emotion.Sadness, seed: 3), new ResponseLabels(Emotion.Sadness, null)));
    }

    [Fact]
    public void With_several_answers_the_units_must_be_those_of_most()
    {
        var labels = new ResponseLabels(Emotion.Happiness, null);
        string Of(params int[] units) => ReportComposer.Compose(units, Emotion.Happiness, seed: 9);
        Assert.Empty(Rule.Check(Of(6, 12), labels, others: [Of(6, 12), Of(12)]));
        Assert.Equal("AU6, AU12 is not what most of 3 answers name", Rule.Check(Of(6, 12), labels, others: [Of(12, 25), Of(12)]).Single().Text);
        Assert.Equal(RejectionKind.NoMajority, Rule.Check(Of(12), labels, others: [Of(6, 12), Of(6, 12)]).Single().Kind);
    }

    [Theory]
    [InlineData("There is no sign of a lowered brow (AU4).", "4")]
    [InlineData("The lips are not parted (AU25).", "25")]
    [InlineData("Neither AU1 nor AU2 shows.", "1,2")]
    [InlineData("AU1, AU2 and AU4 are absent.", "1,2,4")]
    [InlineData("AU12 isn't visible.", "12")]
    [InlineData("AU12 is clearly not there.", "12")]
    [InlineData("Without tension in the lids (AU7), the cheeks rise (AU6).", "7")]
    [InlineData("The brows don\u2019t move (AU4).", "4")]
    [InlineData("AU12, not AU15, shapes the mouth.", "15")]
    [InlineData("The jaw hangs down (AU26). No brow moves.", "")]
    [InlineData("The brows stay still with no tension, but the lip corners rise (AU12).", "")]
    [InlineData("Not only the cheeks rise (AU6), the lip corners too (AU12).", "")]
    [InlineData("The nose notices nothing; nobody knows why the lids tighten (AU7).", "")]
    [InlineData("The cheeks rise (AU6) and the lip corners are pulled up (AU12).", "")]
    public void Denied_units_are_found(string reasoning, string expected) =>
        Assert.Equal(expected, string.Join(',', AcceptanceRule.DeniedUnits(ClaimReader.Read($"<think>{reasoning}</think>\n<answer>anger</answer>"))));

    [Theory]
    [InlineData("The given AUs are visible")]
    [InlineData("which must be identified")]
    [InlineData("the ground truth is clear")]
    [InlineData("as instructed, AU6")]
    [InlineData("in my previous answer")]
    [InlineData("the required emotion")]
    [InlineData("I was told that")]
    public void Talk_about_labels_is_found(string words) => Assert.Contains(
        Rule.Check(Good.Replace("Together these", $"{words} and these", StringComparison.Ordinal), Smile), fault => fault.Kind == RejectionKind.LabelsMentioned);

    [Theory]
    [InlineData("the face gives a clear picture and")]
    [InlineData("the expected tension is in the brows and")]
    [InlineData("the last movement is below the lid and")]
    public void Talk_about_the_face_is_not_talk_about_labels(string words) =>
        Assert.Empty(Rule.Check(Good.Replace("Together these", $"{words} these", StringComparison.Ordinal), Smile));

    [Fact]
    public void No_text_makes_the_rule_throw()
    {
        var pieces = new[] { "<think>", "</think>", "<answer>", "</answer>", "AU12", " no ", "happiness", "AU99999999999", ".", " is not ", "\n", "label", "\ud83d", "ﬁ", "," };
        Gen.OneOf(Gen.String, Gen.Int[0, pieces.Length - 1].Select(index => pieces[index])).Array[0, 12].Sample(parts => Assert.NotNull(AcceptanceRule.Reflect(Rule.Check(string.Concat(parts), Smile)).ToString()));
        for (var length = 0; length < Good.Length; length++) Assert.NotEmpty(Rule.Check(Good[..length], Smile));
    }

    [Fact]
    public void Every_fault_has_words_for_the_retry_except_those_no_hint_can_help()
    {
        var reflection = AcceptanceRule.Reflect([
            Rejection.Missing(6), Rejection.Extra(4), Rejection.Unknown(99), Rejection.Unknown(int.MaxValue), Rejection.WrongEmotion(Emotion.Fear, Emotion.Anger), Rejection.Truncated, Rejection.Negated(4)]);
        Assert.Equal("Reflection: missing AU6; extra AU4, AU99; not fear; format; wording.", reflection.ToString());
        Assert.Equal("", AcceptanceRule.Reflect([Rejection.NoMajority([4], 3), Rejection.AgainstPrototype([4], Emotion.Fear, 0, 1)]).ToString());
    }
}
