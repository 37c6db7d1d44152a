using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Rewards;

namespace FacialR1.Training.Tests.Rewards;

public sealed class ResponseRewardTests
{
    private const string Smile = "<think>The cheeks rise (AU6), the lip corners are pulled up (AU12) and the brows are drawn together (AU4), which speaks of happiness.</think><answer>happiness</answer>";
    private static readonly ResponseLabels Labels = new(Emotion.Happiness, [6, 12]);

    [Fact]
    public void The_three_rewards_of_the_paper_are_added()
    {
        var reward = Of(Smile, Labels);
        Assert.Equal(["format", "accuracy", "au"], reward.Parts.Keys);
        Assert.Equal(0.8, reward.Parts["au"], 9);
        Assert.Equal(2.8, reward.Total, 9);
    }

    [Fact]
    public void A_reward_whose_label_is_missing_is_not_counted()
    {
        Assert.Equal(["format", "au"], Of(Smile, Labels with { Emotion = null }).Parts.Keys);
        Assert.Equal(["format", "accuracy"], Of(Smile, Labels with { ActionUnits = null }).Parts.Keys);
        Assert.Equal(2, Of(Smile, Labels with { ActionUnits = null }).Total);
    }

    [Fact]
    public void A_function_with_weight_zero_is_not_logged() =>
        Assert.Equal(["format", "accuracy"], Of(Smile, Labels, new RewardOptions(ActionUnits: 0)).Parts.Keys);

    [Fact]
    public void The_reference_scale_is_an_option()
    {
        var options = new RewardOptions(UsesReferenceScale: true);
        Assert.Equal(0.6, Of(Smile, Labels, options).Parts["au"], 9);
        Assert.Equal(-1, Of("<think>Nothing to see, so neutral.</think><answer>neutral</answer>", Labels, options).Parts["au"], 9);
        Assert.Equal(0, Of(Smile, Labels with { ActionUnits = [] }, options).Parts["au"], 9);
    }

    [Fact]
    public void Units_listed_outside_the_reasoning_earn_nothing() =>
        Assert.Equal(0, Of("<think>A happy face, happiness.</think><answer>happiness (AU6, AU12)</answer>", Labels).Parts["au"]);

    [Fact]
    public void A_broken_format_loses_the_format_reward_only()
    {
        var reward = Of(Smile.Replace("</answer>", "</answer> bye", StringComparison.Ordinal), Labels);
        Assert.Equal(0, reward.Parts["format"]);
        Assert.Equal(1, reward.Parts["accuracy"]);
    }

    [Theory]
    [InlineData("happiness", 1)]
    [InlineData("sadness", 0)]
    public void Consistency_compares_conclusion_and_answer(string concluded, double expected)
    {
        var text = $"<think>Lip corners up (AU12), hence {concluded}.</think><answer>happiness</answer>";
        Assert.Equal(expected, Of(text, Labels, new RewardOptions(Consistency: 1)).Parts["consistency"]);
    }

    [Fact]
    public void Consistency_also_asks_that_no_unit_is_both_seen_and_denied() =>
        Assert.Equal(0, Of("<think>The cheeks rise (AU6). AU6 is not visible. Happiness.</think><answer>happiness</answer>", Labels, new RewardOptions(Consistency: 1)).Parts["consistency"]);

    [Fact]
    public void Alignment_is_the_share_of_the_answer_given_the_asserted_units()
    {
        var options = new RewardOptions(Format: 0, Accuracy: 0, ActionUnits: 0, Alignment: 2);
        var smile = Of("<think>Lip corners up (AU12), cheeks up (AU6).</think><answer>happiness</answer>", Labels, options);
        var expected = EmotionAlignment.Of([6, 12], Emotion.Happiness, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes).Alignment!.Value;
        Assert.Equal((expected, 2 * expected), (smile.Parts["alignment"], smile.Total));
        Assert.InRange(expected, 0.5, 1);
        Assert.True(Of("<think>Lip corners up (AU12), cheeks up (AU6).</think><answer>sadness</answer>", Labels, options).Total < 0.5);
        Assert.Equal(0, Of("<think>A face.</think><answer>happiness</answer>", Labels, options).Total);
        Assert.DoesNotContain("alignment", Of(Smile, Labels).Parts.Keys);
    }

    [Fact]
    public void Length_costs_nothing_up_to_the_limit_and_everything_at_twice_as_much()
    {
        var options = new RewardOptions(Length: 1, LengthLimit: 100);
        double At(int tokens) => ResponseReward.Of(ReasoningParser.Parse(Smile), Labels, tokens, options).Parts["length"];
        Assert.Equal([1, 1, 0.5, 0, 0], new[] { 10, 100, 150, 200, 900 }.Select(At));
    }

    private static ResponseReward Of(string text, ResponseLabels labels, RewardOptions? options = null) =>
        ResponseReward.Of(ReasoningParser.Parse(text), labels, 50, options ?? new RewardOptions());
}
