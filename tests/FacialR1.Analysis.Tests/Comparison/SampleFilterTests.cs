using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Tests.Comparison;

public sealed class SampleFilterTests
{
    private static readonly int[] Vocabulary = [4, 6, 12];

    // Label fear with AU6. Before → after: fixed with a unit gained, broken with one hallucinated, right both times, wrong both times in other words.
    private static readonly PairedComparison Comparison = PairedComparison.Of(
    [
        Set("a", Row(0, Emotion.Anger, [], "nothing"), Row(1, Emotion.Fear, [6], "cheeks AU6"), Row(2, Emotion.Fear, [6, 4], "AU6 AU4"), Row(3, null, [], "one two three")),
        Set("b", Row(0, Emotion.Fear, [6], "cheeks AU6"), Row(1, Emotion.Anger, [6, 4], "AU6 AU4"), Row(2, Emotion.Fear, [6, 4], "AU6 AU4"), Row(3, Emotion.Anger, [], "four five six")),
    ], resamples: 10);

    private static readonly IReadOnlyList<ComparedSample> Samples = ComparedSample.Of(Comparison, 0, 1);

    [Fact]
    public void Samples_behind_every_count_of_a_comparison_are_as_many_as_it_says()
    {
        var counts = Comparison.SampleChanges[0];
        Assert.Equal(counts.Fixed, Shown(new() { Change = SampleChange.Fixed }).Count);
        Assert.Equal(counts.Broken, Shown(new() { Change = SampleChange.Broken }).Count);
        Assert.Equal(counts.BothWrong, Shown(new() { Change = SampleChange.BothWrong }).Count);
        Assert.Equal(counts.Disagree, Shown(new() { Change = SampleChange.Disagree }).Count);
        Assert.Equal(counts.ReasoningChanged, Shown(new() { Change = SampleChange.ReasoningChanged }).Count);
        foreach (var unit in Comparison.UnitChanges[0].Units)
            foreach (var change in Enum.GetValues<UnitChange>())
                Assert.Equal(unit.Of(change), Shown(new() { Unit = (int.Parse(unit.Unit.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture), change) }).Count);
        foreach (var from in AnswerOutcomes.All)
            foreach (var to in AnswerOutcomes.All) Assert.Equal(Comparison.Flows[0].Counts[(int)from][(int)to], Shown(new() { From = from, To = to }).Count);
        var accuracy = ComparisonMeasure.All.First(measure => measure.Id == "emotion-accuracy");
        Assert.Equal(4, Shown(new() { Measure = (accuracy, MeasureSide.Counted) }).Count);
        Assert.Equal([0], Shown(new() { Measure = (accuracy, MeasureSide.OnlyLater) }));
        Assert.Equal([1], Shown(new() { Measure = (accuracy, MeasureSide.OnlyEarlier) }));
    }

    [Fact]
    public void Words_are_sought_in_ids_labels_and_texts()
    {
        Assert.Equal([1, 2], Shown(new() { Search = "AU4 AU6" }));
        Assert.Equal([3], Shown(new() { Search = "s3 FIVE" }));
        Assert.Equal(4, Shown(new() { Search = "Fear" }).Count);
        Assert.Empty(Shown(new() { Search = "fear nowhere" }));
        Assert.True(SampleFilter.Everything.IsEverything);
        Assert.False(new SampleFilter { Search = "x" }.IsEverything);
    }

    [Fact]
    public void Samples_are_sorted_by_what_changed_and_ties_stay_in_order()
    {
        Assert.Equal([1, 2, 3, 0], Sorted(SampleOrder.Gain, descending: false));
        Assert.Equal([0, 2, 3, 1], Sorted(SampleOrder.Gain, descending: true));
        Assert.Equal([3, 2, 1, 0], Sorted(SampleOrder.Benchmark, descending: true));
        Assert.Equal((0.0, 1.0), (Samples[2].TextChange, Samples[3].TextChange));
        Assert.Equal(0.5, Samples[1].TextChange, 1e-12);   // "cheeks" went and "AU4" came, of four words
        Assert.Null(Samples[0].ConfidenceChange);
    }

    [Fact]
    public void Gain_is_the_label_and_the_units()
    {
        Assert.Equal(2, Samples[0].Gain, 1e-12);                  // wrong to right, F1 0 to 1
        Assert.Equal(-1 + (2.0 / 3 - 1), Samples[1].Gain, 1e-12);
        Assert.Equal(0, Samples[2].Gain);
    }

    private static List<int> Shown(SampleFilter filter) => [.. filter.Of(Samples, Vocabulary).Select(sample => sample.Number)];

    private static List<int> Sorted(SampleOrder order, bool descending) => [.. Samples.Sort(order, descending).Select(sample => sample.Number)];

    private static ResultSet Set(string name, params ResultRow[] rows) => new(name, Vocabulary, rows);

    private static ResultRow Row(int sample, Emotion? answer, int[] mentions, string text) => new(
        $"s{sample}", null, text, 10, new Dictionary<Emotion, double>(), new EvaluationRow(true, answer, mentions, new ResponseLabels(Emotion.Fear, [6])));
}
