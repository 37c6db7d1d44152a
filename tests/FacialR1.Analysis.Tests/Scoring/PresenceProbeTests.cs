using CsCheck;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Scoring;

public sealed class PresenceProbeTests
{
    private static readonly UnitFrequencies Training = new([[6, 12], [6, 12, 25], [1, 2], [4], [4], [4, 25]]);

    [Fact]
    public void Scores_match_the_worked_example()
    {
        var scores = PresenceScores.Of([.. Enumerable.Repeat((true, (bool?)true), 3), .. Enumerable.Repeat((false, (bool?)true), 2), (true, false), .. Enumerable.Repeat((false, (bool?)false), 4)]);
        Assert.Equal(new PresenceScores(3, 2, 1, 4), scores);
        Assert.Equal(0.7, scores.Accuracy!.Value, 1e-6);
        Assert.Equal(0.6, scores.Precision!.Value, 1e-6);
        Assert.Equal(0.75, scores.Recall!.Value, 1e-6);
        Assert.Equal(0.6666667, scores.F1!.Value, 1e-6);
        Assert.Equal(0.5, scores.YesRatio!.Value, 1e-6);
        Assert.Null(default(PresenceScores).Accuracy ?? default(PresenceScores).F1);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_wrong_and_no_yes()
    {
        var scores = PresenceScores.Of([(true, null), (false, null), (true, true), (false, false)]);
        Assert.Equal((0.5, 0.25, 0.5), (scores.Accuracy, scores.YesRatio, scores.Recall));
        Assert.Equal(1, scores.Precision);
    }

    [Fact]
    public void Absent_units_are_the_frequent_ones_or_those_that_go_with_what_is_there()
    {
        int[] vocabulary = [1, 2, 4, 6, 12, 25];
        IReadOnlyList<PresenceQuestion> Ask(AbsentDraw draw) => PresenceProbe.Questions([12], vocabulary, draw, Training, new Pcg32(1));
        Assert.Equal([new(12, true), new(4, false)], Ask(AbsentDraw.Popular));
        Assert.Equal([new(12, true), new(6, false)], Ask(AbsentDraw.Adversarial));
        Assert.Equal(2, Ask(AbsentDraw.Random).Count);
    }

    [Fact]
    public void As_many_are_asked_that_are_not_there() => Gen.Select(Gen.Int[1, 12].HashSet[0, 12], Gen.Enum<AbsentDraw>()).Sample((present, draw) =>
    {
        int[] vocabulary = [1, 2, 4, 6, 12, 25];
        var questions = PresenceProbe.Questions(present, vocabulary, draw, Training, new Pcg32(3));
        var there = present.Count(vocabulary.Contains);
        Assert.Equal(there, questions.Count(question => question.IsPresent));
        Assert.Equal(Math.Min(there, vocabulary.Length - there), questions.Count(question => !question.IsPresent));
        Assert.All(questions, question => Assert.Equal(present.Contains(question.Unit), question.IsPresent));
        Assert.Equal(questions.Count, questions.Select(question => question.Unit).Distinct().Count());
    });
}
