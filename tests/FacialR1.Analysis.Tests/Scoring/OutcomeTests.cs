using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Tests.Scoring;

public sealed class OutcomeTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(Emotion.Fear, new[] { 6 }, AnswerOutcome.RightForTheRightReasons)]
    [InlineData(Emotion.Fear, new[] { 6, 9 }, AnswerOutcome.RightForTheRightReasons)]     // 9 cannot be checked here
    [InlineData(Emotion.Fear, new[] { 6, 4 }, AnswerOutcome.RightForTheWrongReasons)]
    [InlineData(Emotion.Fear, new int[0], AnswerOutcome.RightWithoutReasons)]
    [InlineData(Emotion.Anger, new[] { 6 }, AnswerOutcome.Wrong)]
    [InlineData(null, new[] { 6 }, AnswerOutcome.Wrong)]
    public void An_answer_is_judged_with_its_reasons(Emotion? answer, int[] mentioned, AnswerOutcome expected) =>
        Assert.Equal(expected, AnswerOutcomes.Of(new EvaluationRow(true, answer, mentioned, new ResponseLabels(Emotion.Fear, [6, 12])), [4, 6, 12]));

    [Fact]
    public void A_face_at_rest_needs_no_reason_and_missing_labels_give_no_outcome()
    {
        Assert.Equal(AnswerOutcome.RightForTheRightReasons, AnswerOutcomes.Of(new EvaluationRow(true, Emotion.Neutral, [], new ResponseLabels(Emotion.Neutral, [])), [6]));
        Assert.Null(AnswerOutcomes.Of(new EvaluationRow(true, Emotion.Neutral, [], new ResponseLabels(Emotion.Neutral, null)), [6]));
        Assert.Null(AnswerOutcomes.Of(new EvaluationRow(true, Emotion.Neutral, [], new ResponseLabels(null, [])), [6]));
    }

    [Fact]
    public void Claims_match_the_worked_example()
    {
        var scores = new ClaimScores(Supported: 3, Contradicted: 1, Unverifiable: 1, ReferenceFound: 3, Reference: 5);
        Assert.Equal(0.75, scores.Precision!.Value, Tolerance);
        Assert.Equal(0.6, scores.Recall!.Value, Tolerance);
        Assert.Equal(0.6666667, scores.F1!.Value, Tolerance);
        Assert.Equal(0.2, scores.UnverifiableShare!.Value, Tolerance);
        Assert.Null(default(ClaimScores).F1);
        Assert.Equal(0, new ClaimScores(0, 1, 0, 0, 1).F1);
    }

    [Fact]
    public void A_flag_rate_leaves_out_where_it_is_not_defined()
    {
        var rate = FlagRate.Of([true, true, true, true, true, true, false, false, null, null]);
        Assert.Equal(0.75, rate.Value!.Value, Tolerance);
        Assert.Equal((6, 8, 2), (rate.Holds, rate.Defined, rate.Undefined));
        Assert.InRange(0.75, rate.Interval!.Value.Low, rate.Interval.Value.High);
        Assert.Null(FlagRate.Of([null]).Value);
    }

    [Fact]
    public void Claims_outside_the_vocabulary_cost_only_where_they_count_as_false_alarms()
    {
        EvaluationRow Units(int[] mentioned, int[] truth) => new(true, null, mentioned, new ResponseLabels(null, truth));
        EvaluationRow[] rows = [Units([6, 12, 9], [6, 12]), Units([1, 4], [1, 4, 15]), Units([4, 12], [4]), Units([15], [])];
        int[] vocabulary = [1, 4, 6, 12, 15];
        Assert.Equal(0.7333333, ActionUnitScores.Of(rows, vocabulary).MacroF1!.Value, Tolerance);
        var strict = ActionUnitScores.Of(rows, vocabulary, outside: OutsidePolicy.CountAsFalsePositive);
        Assert.Equal(0.6111111, strict.MacroF1!.Value, Tolerance);
        Assert.Equal(10.0 / 14, strict.MicroF1!.Value, Tolerance);
        Assert.Equal((0.8 + 0.8 + 2.0 / 3) / 4, strict.SampleF1!.Value, Tolerance);
    }
}
