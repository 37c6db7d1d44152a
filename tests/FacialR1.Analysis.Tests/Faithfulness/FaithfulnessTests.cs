using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Tests.Faithfulness;

public sealed class FaithfulnessTests
{
    private const string Smile = "<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12). The lips are parted (AU25). Together they point to happiness.</think>\n<answer>happiness</answer>";

    private static ReasoningClaims Reading { get; } = ClaimReader.Read(Smile);

    [Fact]
    public void Comprehensiveness_is_what_is_lost_without_the_evidence_and_sufficiency_what_is_lost_with_it_alone()
    {
        Assert.Equal(0.6, Erasure.Comprehensiveness(0.9, 0.3), 1e-12);
        Assert.Equal(0.1, Erasure.Sufficiency(0.9, 0.8), 1e-12);
    }

    [Fact]
    public void Aopc_is_the_mean_loss_over_thresholds()
    {
        Assert.Equal(0.4, Erasure.Aopc(0.9, [0.7, 0.5, 0.3])!.Value, 1e-12);
        Assert.Equal(0.3, Erasure.Aopc(0.9, [0.4, 0.6, 0.8])!.Value, 1e-12);
        Assert.Null(Erasure.Aopc(0.9, []));
    }

    [Fact]
    public void Deletion_and_insertion_are_trapezoids_over_the_share_removed_and_revealed()
    {
        Assert.Equal(0.325, Erasure.CurveArea([0.9, 0.5, 0.2, 0.1, 0.1])!.Value, 1e-12);
        Assert.Equal(0.6125, Erasure.CurveArea([0.1, 0.4, 0.7, 0.85, 0.9])!.Value, 1e-12);
        Assert.Null(Erasure.CurveArea([0.9]));
    }

    [Fact]
    public void Early_answering_is_0_when_the_answer_was_settled_before_the_reasoning()
    {
        var late = EarlyAnswering.AreaOverCurve([false, false, true, true, true])!.Value;
        var early = EarlyAnswering.AreaOverCurve([true, true, true])!.Value;
        Assert.Equal(0.375, late, 1e-12);
        Assert.Equal(0, early, 1e-12);
        Assert.Equal(0.1875, (late + early) / 2, 1e-12);
        Assert.Null(EarlyAnswering.AreaOverCurve([true]));
    }

    [Fact]
    public void Mistakes_that_change_the_answer_are_counted_with_their_n()
    {
        Intervention[] mistakes = [.. new[] { Emotion.Anger, Emotion.Happiness, Emotion.Sadness, Emotion.Happiness, Emotion.Fear }
            .Select(after => new Intervention(Emotion.Happiness, after, 0.9, 0.5, -1))];
        var flips = InterventionRate.OfFlips(mistakes);
        Assert.Equal((3, 5, 0.6), (flips.Count, flips.Tried, flips.Rate!.Value));
        Assert.Null(InterventionRate.OfFlips([]).Rate);
        Assert.True(new Intervention(Emotion.Happiness, null, 0.9, null, -1).HasFlipped);
    }

    [Theory]
    [InlineData(-1.5, 0.4, true)]
    [InlineData(-1.5, 0.95, false)]
    [InlineData(0.7, 0.95, true)]
    [InlineData(-1.5, 0.9, false)]
    [InlineData(0.0, 0.4, null)]
    [InlineData(null, 0.4, null)]
    [InlineData(-1.5, null, null)]
    public void Directions_agree_when_p_moves_as_the_weights_say(double? weightChange, double? after, bool? agrees) =>
        Assert.Equal(agrees, new Intervention(Emotion.Happiness, Emotion.Happiness, 0.9, after, weightChange).AgreesInDirection);

    [Fact]
    public void Directional_agreement_leaves_out_what_is_not_defined()
    {
        var rate = InterventionRate.OfDirections([new(Emotion.Fear, Emotion.Fear, 0.5, 0.4, -1), new(Emotion.Fear, Emotion.Fear, 0.5, 0.6, -1), new(Emotion.Fear, Emotion.Fear, 0.5, 0.6, null)]);
        Assert.Equal((1, 2), (rate.Count, rate.Tried));
    }

    [Fact]
    public void A_weight_change_is_the_difference_of_the_two_weights_for_the_answer()
    {
        var table = PmiTable.FromCounts("t", "t", 10, new Dictionary<Emotion, int> { [Emotion.Happiness] = 4, [Emotion.Anger] = 6 }, new Dictionary<int, int> { [12] = 5, [4] = 5 },
            new Dictionary<(int, Emotion), int> { [(12, Emotion.Happiness)] = 4, [(12, Emotion.Anger)] = 1, [(4, Emotion.Anger)] = 5 }, minimumCount: 1);
        Assert.Equal((-2.321928 - 0.847997) * Math.Log(2), Intervention.WeightChangeOf(table, 12, 4, Emotion.Happiness)!.Value, 1e-5);
        Assert.Null(Intervention.WeightChangeOf(table, 12, 9, Emotion.Happiness));
        Assert.Equal(4, ReasoningEdit.Mistake(ClaimReader.Read("<think>A smile (AU12).</think><answer>happiness</answer>"), Emotion.Happiness, table));
        Assert.Null(ReasoningEdit.Mistake(ClaimReader.Read("<think>A smile (AU12).</think><answer>happiness</answer>"), Emotion.Anger, table));
    }

    [Fact]
    public void A_response_is_cut_after_each_sentence_and_goes_straight_to_its_answer() => Assert.Equal(
    [
        "<think></think>\n<answer>",
        "<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12).</think>\n<answer>",
        "<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12). The lips are parted (AU25).</think>\n<answer>",
        "<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12). The lips are parted (AU25). Together they point to happiness.</think>\n<answer>",
    ], EarlyAnswering.Cuts(Reading));

    [Theory]
    [InlineData("<think>A smile.</think>\n\n<answer> joy </answer>", "<think>A smile.</think>\n\n<answer>")]
    [InlineData("A smile.\n<answer>joy</answer>", "A smile.\n<answer>")]
    [InlineData("<think>A smile.", "<think>A smile.</think>\n<answer>")]
    [InlineData("A smile.", "A smile.\n<answer>")]
    public void The_answer_is_scored_behind_its_tag_or_where_the_tag_should_be(string text, string expected) => Assert.Equal(expected, AnswerCue.TextUpTo(ClaimReader.Read(text).Trace));

    [Fact]
    public void A_sentence_left_out_leaves_the_claims_behind_it_and_not_the_conclusion()
    {
        Assert.Equal(new ReasoningEdit("<think>The lips are parted (AU25).", 1), ReasoningEdit.Without(Reading, 0));
        Assert.Equal(new ReasoningEdit("<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12).", 0), ReasoningEdit.Without(Reading, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReasoningEdit.Without(Reading, 3));
    }

    [Theory]
    [InlineData("<think>From the top down: the brows are raised (AU1); the cheeks are raised (AU6); the lips are parted (AU25). It reads as joy.</think>", 1,
        "<think>From the top down: the brows are raised (AU1); the lips are parted (AU25).")]
    [InlineData("<think>From the top down: the brows are raised (AU1); the lips are parted (AU25). It reads as joy.</think>", 1, "<think>From the top down: the brows are raised (AU1).")]
    [InlineData("<think>The cheeks are raised (AU6) and the lips are parted (AU25).</think>", 0, "<think>The lips are parted (AU25).")]
    [InlineData("<think>The cheeks are raised (AU6). The lips are parted (AU25).</think>", 0, "<think>The lips are parted (AU25).")]
    public void A_claim_left_out_takes_its_joint_along(string text, int claim, string expected) =>
        Assert.Equal(expected, ReasoningEdit.WithoutClaim(ClaimReader.Read(text), claim).Beginning);

    [Fact]
    public void Another_unit_takes_the_place_of_a_claim_in_its_sentence()
    {
        Assert.Equal(new ReasoningEdit("<think>The cheeks are raised (AU6) and the lip corners are pulled down (AU15). The lips are parted (AU25).", 1), ReasoningEdit.Exchange(Reading, 1, 15));
        Assert.StartsWith("<think>The eyebrows are pulled down and together (AU4) and the lip corners", ReasoningEdit.Exchange(Reading, 0, 4).Beginning, StringComparison.Ordinal);
        Assert.Equal([4, 12, 25], ClaimReader.Read(ReasoningEdit.Exchange(Reading, 0, 4).Beginning + "</think>").AssertedActionUnits);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReasoningEdit.Exchange(Reading, 0, 999));
    }

    [Fact]
    public void Twelve_parts_of_a_face_can_be_covered_and_every_unit_of_the_face_shows_in_one()
    {
        var random = new Random(3);
        var face = new FaceLandmarks([.. Enumerable.Range(0, FaceLandmarks.Count).Select(_ => new FacePoint(random.NextDouble(), random.NextDouble()))]);
        var parts = OccludedPart.Of(face);
        Assert.Equal(12, parts.Count);
        Assert.Equal(12, parts.Select(part => part.Key).Distinct().Count());
        Assert.Equal(["lip-corner-right", "lip-corner-left"], parts.Where(part => part.Shows(12)).Select(part => part.Key));
        Assert.All(ActionUnits.All.Where(unit => unit.Region != FaceRegion.Neck), unit => Assert.Contains(parts, part => part.Shows(unit.Number)));
        Assert.DoesNotContain(OccludedPart.Grid, part => part.Shows(12));
        Assert.Equal(8, OccludedPart.Grid.Select(part => part.Key).Distinct().Count());
    }
}
