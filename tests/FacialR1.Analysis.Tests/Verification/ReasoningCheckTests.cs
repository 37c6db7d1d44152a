using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Analysis.Tests.Verification;

public sealed class ReasoningCheckTests
{
    private static readonly PmiTable Weights = PmiTable.FromCounts("t", "t", 20,
        new Dictionary<Emotion, int> { [Emotion.Happiness] = 10, [Emotion.Anger] = 10 }, new Dictionary<int, int> { [12] = 10, [4] = 10 },
        new Dictionary<(int, Emotion), int> { [(12, Emotion.Happiness)] = 9, [(12, Emotion.Anger)] = 1, [(4, Emotion.Happiness)] = 1, [(4, Emotion.Anger)] = 9 });

    private static readonly PrototypeTable Patterns = PrototypeTable.Of("t", new Prototype(Emotion.Happiness, [6, 12], "a"));

    private static ReasoningCheck Check(string text, FaceEvidence evidence, Emotion? label = null) => ReasoningCheck.Of(ClaimReader.Read(text), evidence, Weights, Patterns, label);

    private static string Codes(params int[] units) => string.Join(" ", units.Select(unit => $"AU{unit} is present."));

    [Fact]
    public void Rates_are_those_of_the_worked_example()
    {
        ReasoningCheck[] checks =
        [
            Check(Codes(6, 12, 6), FaceEvidence.Annotated([6, 12])), Check(Codes(1, 4, 9), FaceEvidence.Annotated([1, 4, 15])),
            Check(Codes(12, 25), FaceEvidence.Annotated([4])), Check("", FaceEvidence.Annotated([1])),
        ];
        var rates = CheckedRates.Of(checks);
        Assert.Equal(0.375, rates.MentionRate);
        Assert.Equal(3.0 / 7, rates.UnitRate!.Value, 1e-12);
        Assert.Equal(0.5, rates.TextRate);
        Assert.Equal(2.0 / 3, rates.ClaimingTextRate!.Value, 1e-12);
        Assert.Equal(4.0 / 7, rates.Coverage!.Value, 1e-12);
        Assert.Equal(3.0 / 7, rates.Omission!.Value, 1e-12);
        Assert.Equal(2, rates.MeanMentions);
    }

    [Theory]
    [InlineData("AU12 is present.", true, Verdict.Supported)]
    [InlineData("AU12 is present.", false, Verdict.Contradicted)]
    [InlineData("AU12 is absent.", true, Verdict.Contradicted)]
    [InlineData("AU12 is absent.", false, Verdict.Supported)]
    [InlineData("AU12 may be present.", true, Verdict.Supported)]
    [InlineData("AU12 may be present.", false, Verdict.Contradicted)]
    public void A_verdict_follows_from_polarity_and_annotation(string text, bool isPresent, Verdict verdict)
    {
        var check = Check(text, FaceEvidence.Annotated(isPresent ? [12] : [4]));
        var claim = Assert.Single(check.Claims);
        Assert.Equal(verdict, claim.Verdict);
        // Only what is asserted can be hallucinated.
        Assert.Equal(claim.Claim.Polarity == ClaimPolarity.Asserted && verdict == Verdict.Contradicted, claim.IsHallucinated);
    }

    [Theory]
    [InlineData(0.7, Verdict.Supported)]
    [InlineData(0.6, Verdict.Supported)]
    [InlineData(0.5, Verdict.Unverifiable)]
    [InlineData(0.4, Verdict.Unverifiable)]
    [InlineData(0.39, Verdict.Contradicted)]
    public void Estimates_decide_beyond_their_thresholds_only(double value, Verdict verdict)
    {
        var claim = Assert.Single(Check("AU12", FaceEvidence.Estimated([(12, value, 0.6, 0.4)], "estimate")).Claims);
        Assert.Equal(verdict, claim.Verdict);
        Assert.True(claim.Evidence!.IsEstimate);
        Assert.Equal(0.6, claim.Evidence.PresentFrom);
    }

    [Fact]
    public void Annotation_goes_before_estimates()
    {
        var evidence = FaceEvidence.Annotated([12], [12]).Over(FaceEvidence.Estimated([(12, 0, 0.5, 0.5), (4, 1, 0.5, 0.5)], "estimate"));
        Assert.Equal([4, 12], evidence.Present);
        Assert.False(evidence.Of(12)!.IsEstimate);
    }

    [Fact]
    public void A_unit_nobody_looked_for_is_unverifiable_and_in_no_rate()
    {
        var check = Check("AU9 and AU12 are visible.", FaceEvidence.Annotated([12], [4, 12]));
        Assert.Equal([Verdict.Unverifiable, Verdict.Supported], check.Claims.Select(claim => claim.Verdict));
        Assert.Equal((1, 0), (check.VerifiableMentions, check.HallucinatedMentions));
    }

    [Fact]
    public void Without_evidence_there_are_neither_omissions_nor_rates_nor_an_outcome()
    {
        var check = Check("<think>AU12</think><answer>happiness</answer>", FaceEvidence.None, Emotion.Happiness);
        Assert.Null(check.Omissions);
        Assert.Null(check.HallucinationRate);
        Assert.Null(check.Coverage);
        Assert.Null(check.Outcome);
        Assert.All(check.Claims, claim => Assert.Equal(Verdict.Unverifiable, claim.Verdict));
    }

    [Theory]
    [InlineData("AU6+12", Emotion.Happiness, ReasoningOutcome.RightForTheRightReasons)]
    [InlineData("AU6+12+4", Emotion.Happiness, ReasoningOutcome.RightForTheWrongReasons)]
    [InlineData("AU12", Emotion.Happiness, ReasoningOutcome.RightWithReasonsMissing)]
    [InlineData("AU6+12", Emotion.Anger, ReasoningOutcome.WrongDespiteTheRightReasons)]
    [InlineData("AU4", Emotion.Anger, ReasoningOutcome.WrongForTheWrongReasons)]
    [InlineData("AU6", Emotion.Anger, ReasoningOutcome.WrongWithReasonsMissing)]
    public void Every_way_to_be_right_or_wrong_has_a_name(string units, Emotion label, ReasoningOutcome outcome) =>
        Assert.Equal(outcome, Check($"<think>{units}</think><answer>happiness</answer>", FaceEvidence.Annotated([6, 12]), label).Outcome);

    [Fact]
    public void A_claim_says_whether_it_speaks_for_the_answer()
    {
        var check = Check("<think>AU12 and AU4 show; AU6 is absent.</think><answer>happiness</answer>", FaceEvidence.None);
        Assert.True(check.Claims[0].WeightForAnswer > 0);
        Assert.True(check.Claims[1].WeightForAnswer < 0);
        Assert.Null(check.Claims[2].WeightForAnswer);
    }

    [Theory]
    [InlineData("<think>It is anger.</think><answer>anger</answer>", true)]
    [InlineData("<think>It is anger.</think><answer>fear</answer>", false)]
    [InlineData("<think>It is not anger.</think><answer>anger</answer>", null)]
    [InlineData("<think>It is anger.</think>", null)]
    public void The_stated_emotion_is_held_against_the_answer(string text, bool? expected) => Assert.Equal(expected, Check(text, FaceEvidence.None).StatedIsAnswer);
}
