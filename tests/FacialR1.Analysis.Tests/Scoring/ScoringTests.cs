using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Tests.Scoring;

/// <summary>The worked examples of the measures; the expected numbers were computed with independent scripts.</summary>
public sealed class ScoringTests
{
    private const double Tolerance = 1e-6;

    private static ResponseScore Score(string text, Emotion? emotion, int[]? units, int[]? vocabulary = null) =>
        ResponseScorer.Score(ReasoningParser.Parse(text), new ResponseLabels(emotion, units), vocabulary);

    private static EvaluationRow Units(int[] mentioned, int[]? truth) => new(true, null, mentioned, new ResponseLabels(null, truth));

    private static EvaluationRow Label(Emotion? truth, Emotion? answer) => new(true, answer, [], new ResponseLabels(truth, null));

    [Fact]
    public void One_response_is_scored_component_by_component()
    {
        var score = Score("<think>AU6, AU12 and AU4, AU6 again</think><answer>Happy</answer>", Emotion.Happiness, [6, 12, 25]);
        Assert.Equal(1, score.FormatReward);
        Assert.True(score.EmotionCorrect);
        Assert.Equal(2.0 * 2 / 6, score.ActionUnitF1!.Value, Tolerance);
        Assert.Equal([6, 12], score.Found);
        Assert.Equal([4], score.Hallucinated);
        Assert.Equal([25], score.Missed);
        Assert.Empty(score.Unverifiable);
    }

    [Fact]
    public void Missing_labels_give_null_and_empty_sets_give_their_agreed_scores()
    {
        Assert.Null(Score("<think>AU6</think><answer>fear</answer>", null, null).EmotionCorrect);
        Assert.Null(Score("<think>AU6</think><answer>fear</answer>", null, null).ActionUnitF1);
        Assert.Equal(1, Score("<think>at rest</think><answer>neutral</answer>", null, []).ActionUnitF1);
        Assert.Equal(0, Score("<think>AU6</think><answer>neutral</answer>", null, []).ActionUnitF1);
        Assert.Equal(0, Score("<think>at rest</think><answer>neutral</answer>", null, [6]).ActionUnitF1);
        Assert.False(Score("nonsense", Emotion.Neutral, []).EmotionCorrect);
        Assert.Equal(0, Score("nonsense", Emotion.Neutral, []).FormatReward);
    }

    [Fact]
    public void A_claim_that_the_data_cannot_check_is_neither_right_nor_wrong()
    {
        var score = Score("<think>AU9 and AU12</think><answer>disgust</answer>", null, [12], [6, 12]);
        Assert.Equal(1, score.ActionUnitF1);
        Assert.Empty(score.Hallucinated);
        Assert.Equal([9], score.Unverifiable);
    }

    [Fact]
    public void Unit_scores_match_the_worked_example()
    {
        EvaluationRow[] rows = [Units([6, 12], [6, 12]), Units([1, 4], [1, 4, 15]), Units([4, 12], [4]), Units([15], []), Units([12], null)];
        var scores = ActionUnitScores.Of(rows, [1, 4, 6, 12, 15]);
        double?[] expected = [1, 1, 1, 2.0 / 3, 0];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i]!.Value, scores.PerUnit[i].F1!.Value, Tolerance);
        Assert.Equal(0.7333333, scores.MacroF1!.Value, Tolerance);
        Assert.Equal(0.7692308, scores.MicroF1!.Value, Tolerance);
        Assert.Equal(0.6166667, scores.SampleF1!.Value, Tolerance);
        Assert.Equal(4, scores.Samples);
        Assert.Equal((1, 2), (scores.PerUnit[3].Support, scores.PerUnit[3].Predicted));
    }

    [Fact]
    public void A_unit_that_is_never_true_costs_only_under_our_policy()
    {
        EvaluationRow[] rows = [Units([6, 12, 9], [6, 12]), Units([1, 4], [1, 4, 15]), Units([4, 12], [4]), Units([15], [])];
        int[] vocabulary = [1, 4, 6, 9, 12, 15];
        Assert.Equal(0.6111111, ActionUnitScores.Of(rows, vocabulary).MacroF1!.Value, Tolerance);
        Assert.Equal(0.7333333, ActionUnitScores.Of(rows, vocabulary, MacroPolicy.Paper).MacroF1!.Value, Tolerance);
        var withSilentUnit = ActionUnitScores.Of(rows, [.. vocabulary, 2]);
        Assert.Null(withSilentUnit.PerUnit[^1].F1);
        Assert.Equal(0.6111111, withSilentUnit.MacroF1!.Value, Tolerance);
    }

    [Fact]
    public void Emotion_scores_match_the_worked_example()
    {
        const Emotion hap = Emotion.Happiness, sad = Emotion.Sadness, ang = Emotion.Anger, neu = Emotion.Neutral;
        EvaluationRow[] rows =
        [
            Label(hap, hap), Label(hap, hap), Label(hap, hap), Label(hap, neu), Label(sad, sad), Label(sad, ang), Label(sad, sad), Label(ang, ang), Label(ang, sad), Label(neu, null), Label(null, hap),
        ];
        var scores = EmotionScores.Of(rows);
        Assert.Equal(10, scores.Samples);
        Assert.Equal(0.6, scores.Accuracy!.Value, Tolerance);
        Assert.Equal(0.5059524, scores.MacroF1!.Value, Tolerance);
        Assert.Equal(0.4791667, scores.BalancedAccuracy!.Value, Tolerance);
        Assert.Equal(0.8571429, scores.PerEmotion[(int)hap].F1!.Value, Tolerance);
        Assert.Null(scores.PerEmotion[(int)Emotion.Fear].F1);
        Assert.Equal(1, scores.Confusion.Count(neu, null));
        Assert.Equal("unparsed", scores.Confusion.Columns[^1]);
    }

    [Fact]
    public void Hallucination_scores_match_the_worked_example()
    {
        EvaluationRow[] rows = [Units([6, 12, 6], [6, 12]), Units([1, 4, 9], [1, 4, 15]), Units([12, 25], [4]), Units([], [1]), Units([2], null)];
        var scores = HallucinationScores.Of(rows, [1, 4, 6, 9, 12, 15, 25]);
        Assert.Equal(0.375, scores.MentionRate!.Value, Tolerance);
        Assert.Equal(0.4285714, scores.UnitRate!.Value, Tolerance);
        Assert.Equal(0.5, scores.ResponseRate!.Value, Tolerance);
        Assert.Equal(0.6666667, scores.ClaimingResponseRate!.Value, Tolerance);
        Assert.Equal(0.5714286, scores.Coverage!.Value, Tolerance);
        Assert.Equal(0.4285714, scores.Omission!.Value, Tolerance);
        Assert.Equal(2, scores.MeanMentions);
        Assert.Equal(2, HallucinationScores.Of(rows, [1, 4, 6, 12, 15]).UnverifiableMentions);
    }

    [Fact]
    public void Nothing_to_measure_is_null_everywhere()
    {
        EvaluationRow[] rows = [Label(null, Emotion.Fear)];
        var units = ActionUnitScores.Of(rows, ActionUnits.FerAu);
        Assert.Null(units.MacroF1 ?? units.MicroF1 ?? units.SampleF1);
        var emotions = EmotionScores.Of(rows);
        Assert.Null(emotions.Accuracy ?? emotions.MacroF1 ?? emotions.BalancedAccuracy);
        var hallucination = HallucinationScores.Of(rows, ActionUnits.FerAu);
        Assert.Null(hallucination.MentionRate ?? hallucination.UnitRate ?? hallucination.ResponseRate ?? hallucination.ClaimingResponseRate ?? hallucination.Coverage ?? hallucination.Omission);
    }
}
