using System.Text.Json;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Comparison;

public sealed class PairedComparisonTests
{
    private static readonly int[] Vocabulary = [4, 6, 12];

    [Fact]
    public void Fifty_answers_with_12_fixed_and_4_broken_are_borderline()
    {
        // The worked example: McNemar p 0.0768127, mid-p 0.0490417, difference 0.16 with an interval that leaves out 0.
        var comparison = PairedComparison.Of([Emotions("before", 12, 4, 50, later: false), Emotions("after", 12, 4, 50, later: true)], seed: 1, resamples: 4000);
        var accuracy = Difference(comparison, "emotion-accuracy");
        Assert.Equal(("before", "after", 50), (accuracy.Earlier, accuracy.Later, accuracy.N));
        Assert.Equal(0.16, accuracy.Difference!.Value, 1e-12);
        Assert.Equal(("McNemar exact", Verdict.Borderline), (accuracy.Test, accuracy.Verdict));
        Assert.Equal(0.0768127, accuracy.P!.Value, 1e-6);
        Assert.Equal(0.0490417, accuracy.MidP!.Value, 1e-6);
        Assert.Equal(0.008, accuracy.Low!.Value, 0.03);
        Assert.Equal(0.312, accuracy.High!.Value, 0.03);
        Assert.StartsWith("Borderline, not established: 95% interval", accuracy.Sentence, StringComparison.Ordinal);
        var changes = Assert.Single(comparison.SampleChanges);
        Assert.Equal((12, 4, 50), (changes.Fixed, changes.Broken, changes.Samples));
    }

    [Fact]
    public void A_clear_difference_is_worded_with_its_winner_and_no_difference_is_not_established()
    {
        var clear = Difference(PairedComparison.Of([Emotions("base", 80, 5, 200, later: false), Emotions("sft", 80, 5, 200, later: true)], resamples: 1000), "emotion-accuracy");
        Assert.Equal(Verdict.Established, clear.Verdict);
        Assert.StartsWith("sft is better: Emotion accuracy of sft is 37.5 points higher than of base (95% interval +", clear.Sentence, StringComparison.Ordinal);
        Assert.True(clear.AdjustedP >= clear.P);

        var none = Difference(PairedComparison.Of([Emotions("base", 20, 20, 200, later: false), Emotions("sft", 20, 20, 200, later: true)], resamples: 1000), "emotion-accuracy");
        Assert.Equal((Verdict.NotEstablished, 1.0), (none.Verdict, none.P!.Value));
        Assert.StartsWith("The difference is not established: 95% interval −", none.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_hallucination_is_better()
    {
        var before = Set("before", Enumerable.Range(0, 60).Select(i => Row(i, Emotion.Fear, [6, 4], Emotion.Fear, [6])));
        var after = Set("after", Enumerable.Range(0, 60).Select(i => Row(i, Emotion.Fear, [6], Emotion.Fear, [6])));
        var comparison = PairedComparison.Of([before, after], resamples: 500);
        var hallucination = Difference(comparison, "hallucination");
        Assert.Equal(-0.5, hallucination.Difference!.Value, 1e-12);
        Assert.StartsWith("after is better: AU hallucination (CHAIR_i) of after is 50.0 points lower than of before", hallucination.Sentence, StringComparison.Ordinal);
        Assert.Equal(Verdict.Described, Difference(comparison, "mean-mentions").Verdict);
        Assert.Null(Difference(comparison, "mean-mentions").P);

        var flow = Assert.Single(comparison.Flows);
        Assert.Equal(60, flow.Counts[(int)AnswerOutcome.RightForTheWrongReasons][(int)AnswerOutcome.RightForTheRightReasons]);
        var units = Assert.Single(comparison.UnitChanges).Units;
        Assert.Equal((60, 0, 0), (units[0].Corrected, units[0].NewlyHallucinated, units[0].KeptHallucinated));   // AU4
        Assert.Equal((60, 0), (units[1].KeptRight, units[1].Gained));                                            // AU6
        Assert.True(units[0].AdjustedP < 1e-9);
    }

    [Fact]
    public void Gained_lost_hallucinated_and_corrected_are_told_apart()
    {
        ResultRow[] before = [Row(0, null, [], Emotion.Fear, [6]), Row(1, null, [6], Emotion.Fear, [6]), Row(2, null, [], Emotion.Fear, []), Row(3, null, [6], Emotion.Fear, [])];
        ResultRow[] after = [Row(0, null, [6], Emotion.Fear, [6]), Row(1, null, [], Emotion.Fear, [6]), Row(2, null, [6], Emotion.Fear, []), Row(3, null, [], Emotion.Fear, [])];
        var unit = PairedComparison.Of([Set("a", before), Set("b", after)], resamples: 10).UnitChanges[0].Units[1];
        Assert.Equal(("AU6", 4, 1, 1, 1, 1), (unit.Unit, unit.Samples, unit.Gained, unit.Lost, unit.NewlyHallucinated, unit.Corrected));
        Assert.Null(unit.P);   // four samples are too few
    }

    [Fact]
    public void Only_common_samples_count_and_what_was_dropped_is_said()
    {
        var a = Set("a", Enumerable.Range(0, 40).Select(i => Row(i, Emotion.Fear, [6], Emotion.Fear, [6])));
        var b = Set("b", Enumerable.Range(10, 50).Reverse().Select(i => Row(i, Emotion.Fear, [6], Emotion.Fear, [6])));
        var comparison = PairedComparison.Of([a, b], resamples: 10);
        Assert.Equal(30, comparison.N);
        Assert.Equal([("a", 10), ("b", 20)], comparison.Dropped.Select(drop => (drop.Name, drop.Samples)));
        Assert.Equal(comparison.Aligned[0].Rows.Select(row => row.Sample), comparison.Aligned[1].Rows.Select(row => row.Sample));
    }

    [Fact]
    public void Below_twenty_samples_nothing_is_tested()
    {
        var comparison = PairedComparison.Of([Emotions("a", 5, 1, 19, false), Emotions("b", 5, 1, 19, true)], resamples: 50);
        Assert.Equal(0, comparison.Family);
        var accuracy = Difference(comparison, "emotion-accuracy");
        Assert.Equal((Verdict.TooFew, null), (accuracy.Verdict, accuracy.P));
        Assert.Equal("Too few samples to compare (n = 19; at least 20 are needed).", accuracy.Sentence);
    }

    [Fact]
    public void Samples_of_one_subject_are_drawn_together_and_widen_the_interval()
    {
        // Ten subjects whose 20 photos agree with each other: 200 photos know little more than 10.
        ResultSet Side(string name, Func<int, bool> right) => Set(name, Enumerable.Range(0, 200).Select(i =>
            Row(i, right(i / 20) ? Emotion.Fear : Emotion.Anger, [6], Emotion.Fear, [6]) with { Subject = $"S{i / 20}" }));
        ResultSet[] sets = [Side("a", subject => subject < 4), Side("b", subject => subject % 2 == 0 || subject < 4)];
        var bySubject = PairedComparison.Of(sets, resamples: 2000);
        var byPhoto = PairedComparison.Of([.. sets.Select(set => set with { Rows = [.. set.Rows.Select(row => row with { Subject = null })] })], resamples: 2000);
        Assert.Equal(10, bySubject.Subjects);
        Assert.Null(byPhoto.Subjects);
        var (wide, narrow) = (Difference(bySubject, "emotion-accuracy"), Difference(byPhoto, "emotion-accuracy"));
        Assert.Equal(("paired bootstrap over subjects", "McNemar exact"), (wide.Test, narrow.Test));
        Assert.Equal(wide.Difference, narrow.Difference);
        Assert.True(wide.High - wide.Low > 3 * (narrow.High - narrow.Low), $"{wide.Low}…{wide.High} against {narrow.Low}…{narrow.High}");
        Assert.True(wide.P > narrow.P);
        Assert.Null(bySubject.UnitChanges[0].Units[0].P);
    }

    [Fact]
    public void Four_models_give_six_pairs_and_Holm_over_all_of_them()
    {
        var random = new Pcg32(5);
        ResultSet[] sets = [.. new[] { "base", "sft", "grpo", "synthesis" }.Select(name => Set(name, Enumerable.Range(0, 80).Select(i => Row(
            i, Analysis.Facs.Emotions.All[random.NextInt(7)], [.. Vocabulary.Where(_ => random.NextDouble() < 0.5)], Analysis.Facs.Emotions.All[i % 7], [6]))))];
        var comparison = PairedComparison.Of(sets, seed: 9, resamples: 500);
        Assert.Equal(6, comparison.UnitChanges.Count);
        Assert.Equal(3, comparison.Flows.Count);
        var tested = comparison.Differences.Where(difference => difference.P is not null).ToArray();
        Assert.Equal(tested.Length, comparison.Family);
        Assert.Equal(Holm.Adjust([.. tested.Select(difference => difference.P!.Value)]), tested.Select(difference => difference.AdjustedP!.Value));
        Assert.Equal(comparison.ToJson(), PairedComparison.Of(sets, seed: 9, resamples: 500).ToJson());

        var report = EvaluationReport.Of([.. sets[2].Rows.Select(row => row.Reading)], Vocabulary, resamples: 10);
        Assert.Equal(report.AuMacroF1!.Value, comparison.Measures.Single(measure => measure.Id == "au-macro-f1").Values[2]!.Value, 1e-12);
        Assert.Equal(report.EmotionAccuracy!.Value, comparison.Measures.Single(measure => measure.Id == "emotion-accuracy").Values[2]!.Value, 1e-12);
        Assert.Equal(report.Hallucination!.Value, comparison.Measures.Single(measure => measure.Id == "hallucination").Values[2]!.Value, 1e-12);
    }

    [Fact]
    public void Calibration_and_overlap_are_measured_where_there_is_something_to_measure()
    {
        double[] confidences = [.95, .9, .85, .7, .65, .55, .45, .3];
        int[] correct = [1, 1, 0, 1, 0, 1, 0, 0];
        ResultSet Side(string name) => Set(name, Enumerable.Range(0, 40).Select(i =>
        {
            var (confidence, right) = (confidences[i % 8], correct[i % 8] == 1);
            return Row(i, right ? Emotion.Fear : Emotion.Anger, [6], Emotion.Fear, [6]) with
            {
                EmotionProbabilities = new Dictionary<Emotion, double> { [right ? Emotion.Fear : Emotion.Anger] = confidence, [Emotion.Neutral] = 1 - confidence },
                Text = "<think>cheeks raise</think><answer>fear</answer>", Reference = i < 20 ? "cheek raised" : null,
            };
        }));
        var comparison = PairedComparison.Of([Side("a"), Side("b")], resamples: 20);
        ConfidentAnswer[] answers = [.. Enumerable.Range(0, 40).Select(i => new ConfidentAnswer(confidences[i % 8], correct[i % 8] == 1))];
        Assert.Equal(0.2178125, Value("brier"), 1e-9);
        Assert.Equal(Calibration.ExpectedError(Calibration.EqualWidthBins(answers))!.Value, Value("calibration-error"), 1e-12);
        Assert.Equal(1, Value("rouge-l"), 1e-12);
        Assert.Equal(20, comparison.Measures.Single(measure => measure.Id == "rouge-l").N[0]);

        var without = PairedComparison.Of([Emotions("a", 5, 1, 30, false), Emotions("b", 5, 1, 30, true)], resamples: 20);
        Assert.Equal("Brier score of the answer cannot be compared: no answer probabilities.", Difference(without, "brier").Sentence);
        Assert.Equal("no reference reasoning", without.Measures.Single(measure => measure.Id == "rouge-l").WhyNot);

        double Value(string id) => comparison.Measures.Single(measure => measure.Id == id).Values[0]!.Value;
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_the_reason()
    {
        var a = Set("a", [Row(0, null, [], Emotion.Fear, [6])]);
        AssertRefused("Two to 4 models", a);
        AssertRefused("called \"a\"", a, a);
        AssertRefused("no sample in common", a, Set("b", [Row(1, null, [], Emotion.Fear, [6])]));
        AssertRefused("has other labels in b", a, Set("b", [Row(0, null, [], Emotion.Anger, [6])]));
        AssertRefused("different sets of action units", a, a with { Name = "b", Vocabulary = [6] });
        AssertRefused("answered twice in b", a, Set("b", [Row(0, null, [], Emotion.Fear, [6]), Row(0, null, [], Emotion.Fear, [6])]));
    }

    [Fact]
    public void The_json_has_camel_case_names_and_no_answers()
    {
        using var json = JsonDocument.Parse(PairedComparison.Of([Emotions("a", 12, 4, 50, false), Emotions("b", 12, 4, 50, true)], resamples: 50).ToJson());
        var first = json.RootElement.GetProperty("differences")[0];
        Assert.Equal("emotion-accuracy", first.GetProperty("measure").GetString());
        Assert.Equal("borderline", first.GetProperty("verdict").GetString());
        Assert.False(json.RootElement.TryGetProperty("aligned", out _));
    }

    private static void AssertRefused(string reason, params ResultSet[] sets) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => PairedComparison.Of(sets, resamples: 10)).Message, StringComparison.Ordinal);

    private static MeasureDifference Difference(PairedComparison comparison, string measure) => comparison.Differences.First(difference => difference.Measure == measure);

    private static ResultSet Set(string name, IEnumerable<ResultRow> rows) => new(name, Vocabulary, [.. rows]);

    /// <summary>The first samples are fixed from the earlier to the later model, the next are broken, the others right in both.</summary>
    private static ResultSet Emotions(string name, int fixedOnes, int broken, int samples, bool later) => Set(name, Enumerable.Range(0, samples).Select(i =>
    {
        var right = i < fixedOnes ? later : i >= fixedOnes + broken || !later;
        return Row(i, right ? Emotion.Fear : Emotion.Anger, [6], Emotion.Fear, [6]);
    }));

    private static ResultRow Row(int sample, Emotion? answer, int[] mentions, Emotion? truth, int[]? units) => new(
        $"s{sample}", null, "", 10, new Dictionary<Emotion, double>(), new EvaluationRow(true, answer, mentions, new ResponseLabels(truth, units)));
}
