using System.Text.Json;
using CsCheck;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Scoring;

public sealed class EvaluationReportTests
{
    private static readonly Gen<int[]> UnitSet = Gen.Bool.Array[ActionUnits.FerAu.Count].Select(chosen => ActionUnits.FerAu.Where((_, i) => chosen[i]).ToArray());

    private static readonly Gen<EvaluationRow> Row = Gen.Select(
        Gen.Bool, Gen.Enum<Emotion>().Nullable(0.2), Gen.Int[1, 46].Array[0, 6], Gen.Enum<Emotion>().Nullable(0.3), UnitSet, Gen.Bool,
        (format, answer, mentions, truth, units, hasUnits) => new EvaluationRow(format, answer, mentions, new ResponseLabels(truth, hasUnits ? units : null)));

    [Fact]
    public void Resampled_measures_are_the_same_functions_as_the_scores() => Row.Array[0, 40].Sample(rows =>
    {
        var counts = new EvaluationCounts(ActionUnits.FerAu);
        var values = new double[counts.Measures];
        counts.Compute(counts.Table(rows).Totals(), values);
        var (units, emotions, hallucination) = (ActionUnitScores.Of(rows, ActionUnits.FerAu), EmotionScores.Of(rows), HallucinationScores.Of(rows, ActionUnits.FerAu));
        AssertSame(units.MacroF1, values[EvaluationCounts.AuMacroF1]);
        AssertSame(units.MicroF1, values[EvaluationCounts.AuMicroF1]);
        AssertSame(emotions.MacroF1, values[EvaluationCounts.EmotionMacroF1]);
        AssertSame(emotions.BalancedAccuracy, values[EvaluationCounts.EmotionBalancedAccuracy]);
        AssertSame(emotions.Accuracy, values[EvaluationCounts.EmotionAccuracy]);
        AssertSame(hallucination.MentionRate, values[EvaluationCounts.Hallucination]);
        AssertSame(hallucination.Coverage, values[EvaluationCounts.Coverage]);
        for (var i = 0; i < ActionUnits.FerAu.Count; i++) AssertSame(units.PerUnit[i].F1, values[EvaluationCounts.FirstUnit + i]);
        foreach (var emotion in emotions.PerEmotion) AssertSame(emotion.Recall, values[counts.FirstRecall + (int)emotion.Emotion]);
    });

    [Fact]
    public void Intervals_hold_the_value_and_the_report_is_repeatable()
    {
        var rows = RandomRows(400);
        var report = EvaluationReport.Of(rows, ActionUnits.FerAu, seed: 3, resamples: 2000);
        foreach (var estimate in new[] { report.EmotionAccuracy, report.AuMacroF1, report.AuMicroF1, report.EmotionMacroF1, report.EmotionBalancedAccuracy, report.FormatRate, report.UnparsedRate, report.Hallucination, report.Coverage })
        {
            Assert.NotNull(estimate);
            Assert.InRange(estimate.Value, estimate.Low!.Value, estimate.High!.Value);
            Assert.InRange(estimate.High!.Value - estimate.Low!.Value, 0.005, 0.2);
        }
        Assert.Equal(report.ToJson(), EvaluationReport.Of(rows, ActionUnits.FerAu, seed: 3, resamples: 2000).ToJson());
        Assert.NotEqual(report.AuMacroF1, EvaluationReport.Of(rows, ActionUnits.FerAu, seed: 4, resamples: 2000).AuMacroF1);
    }

    /// <summary>Five copies of every answer say nothing that one did not say, so no interval may become narrower by them.</summary>
    [Fact]
    public void Samples_of_one_subject_are_drawn_together()
    {
        var rows = RandomRows(200);
        EvaluationRow[] copies = [.. rows.SelectMany(row => Enumerable.Repeat(row, 5))];
        var clusters = SubjectClusters.Of([.. Enumerable.Range(0, copies.Length).Select(row => $"s{row / 5}")]);
        var (once, alike, apart) = (EvaluationReport.Of(rows, ActionUnits.FerAu), EvaluationReport.Of(copies, ActionUnits.FerAu, clusters: clusters), EvaluationReport.Of(copies, ActionUnits.FerAu));

        Assert.Equal(200, alike.Subjects);
        Assert.Null(apart.Subjects);
        Assert.Equal(once.AuMacroF1, alike.AuMacroF1);
        foreach (var measure in new Func<EvaluationReport, Estimate?>[] { report => report.EmotionAccuracy, report => report.FormatRate, report => report.AuMacroF1, report => report.EmotionRecall![0] })
            Assert.InRange(Width(measure(alike)!) / Width(measure(apart)!), 1.7, 3);   // the square root of five is 2.2
        Assert.InRange(Width(alike.EmotionAccuracy!) / Width(once.EmotionAccuracy!), 0.9, 1.1);   // bootstrap beside Wilson
    }

    private static double Width(Estimate estimate) => estimate.High!.Value - estimate.Low!.Value;

    [Fact]
    public void Subjects_are_numbered_and_are_no_clusters_when_each_has_one_sample_or_one_is_unknown()
    {
        Assert.Equal([0, 1, 0], SubjectClusters.Of(["a", "b", "a"])!);
        Assert.Null(SubjectClusters.Of(["a", "b"]));
        Assert.Null(SubjectClusters.Of(["a", null, "a"]));
        Assert.Null(SubjectClusters.Of([]));
    }

    [Fact]
    public void The_json_has_the_agreed_names_and_null_for_what_is_not_defined()
    {
        EvaluationRow[] rows =
        [
            EvaluationRow.Of(ReasoningParser.Parse("<think>AU12 AU99</think><answer>happy</answer>"), new ResponseLabels(Emotion.Happiness, [12])),
            EvaluationRow.Of(ReasoningParser.Parse("..."), new ResponseLabels(Emotion.Fear, [12])),
        ];
        using var json = JsonDocument.Parse(EvaluationReport.Of(rows, [6, 12], resamples: 100).ToJson());
        var root = json.RootElement;
        Assert.Equal(2, root.GetProperty("n").GetInt32());
        foreach (var name in new[] { "emotionAccuracy", "auMacroF1", "emotionMacroF1", "formatRate" })
            foreach (var part in new[] { "value", "low", "high" }) Assert.Equal(JsonValueKind.Number, root.GetProperty(name).GetProperty(part).ValueKind);
        Assert.Equal(0.5, root.GetProperty("emotionAccuracy").GetProperty("value").GetDouble());
        var smile = root.GetProperty("perAu").GetProperty("AU12");
        Assert.Equal(2.0 / 3, smile.GetProperty("f1").GetDouble(), 1e-12);
        Assert.Equal(2, smile.GetProperty("support").GetInt32());
        Assert.Equal(1, smile.GetProperty("predicted").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("perAu").GetProperty("AU6").GetProperty("f1").ValueKind);
        var confusion = root.GetProperty("confusion");
        Assert.Equal("unparsed", confusion.GetProperty("columns")[7].GetString());
        Assert.Equal(1, confusion.GetProperty("counts")[(int)Emotion.Fear][7].GetInt32());

        using var bare = JsonDocument.Parse(EvaluationReport.Of([new EvaluationRow(true, Emotion.Fear, [], new ResponseLabels(null, null))], [6], resamples: 10).ToJson());
        foreach (var name in new[] { "emotionAccuracy", "auMacroF1", "emotionMacroF1", "perAu", "confusion", "hallucination", "coverage" })
            Assert.Equal(JsonValueKind.Null, bare.RootElement.GetProperty(name).ValueKind);
        Assert.Equal(1, bare.RootElement.GetProperty("formatRate").GetProperty("value").GetDouble());
        Assert.Null(EvaluationReport.Of([], [6], resamples: 10).FormatRate);
    }

    private static EvaluationRow[] RandomRows(int count)
    {
        var random = new Pcg32(11);
        int[] Draw() => [.. ActionUnits.FerAu.Where(_ => random.NextDouble() < 0.3)];
        Emotion? Answer() => random.NextDouble() < 0.1 ? null : Emotions.All[random.NextInt(7)];
        return [.. Enumerable.Range(0, count).Select(_ => new EvaluationRow(random.NextDouble() < 0.9, Answer(), Draw(), new ResponseLabels(Answer(), Draw())))];
    }

    private static void AssertSame(double? expected, double actual)
    {
        if (expected is { } value) Assert.Equal(value, actual, 1e-12);
        else Assert.Equal(double.NaN, actual);
    }
}
