using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Tests.Comparison;

public sealed class MeasureTableTests
{
    private static readonly Dictionary<Emotion, double> None = [];

    [Fact]
    public void Hallucination_and_coverage_are_those_of_the_worked_example()
    {
        var table = Table([1, 4, 6, 9, 12, 15, 25], Row(0, "AU6, AU12, AU6", [6, 12]), Row(1, "AU1, AU4, AU9", [1, 4, 15]), Row(2, "AU12, AU25", [4]), Row(3, "", [1]));

        AssertValue(table, "chair-i", 0.375, 8);
        AssertValue(table, "chair-i-unique", 0.4285714, 7);
        AssertValue(table, "chair-s", 0.5, 4);
        AssertValue(table, "chair-s-claiming", 0.6666667, 3);
        AssertValue(table, "coverage", 0.5714286, 7);
        AssertValue(table, "omission", 0.4285714, 7);
        AssertValue(table, "mean-mentions", 2, 4);
        Assert.All(table.Where(row => row.Id is "chair-i" or "omission"), row => Assert.True(row.Low <= row.Value && row.Value <= row.High));
    }

    [Fact]
    public void Both_policies_for_units_are_there_beside_sample_and_micro_F1()
    {
        ResultRow[] rows = [Row(0, "AU6, AU12", [6, 12]), Row(1, "AU1, AU4, AU9", [1, 4, 15]), Row(2, "AU4, AU12", [4]), Row(3, "AU15", [])];

        var without = Table([1, 4, 6, 12, 15], rows);
        AssertValue(without, "au-macro-f1", 0.7333333, 4);
        AssertValue(without, "au-micro-f1", 0.7692308, 4);
        AssertValue(without, "au-sample-f1", 0.6166667, 4);
        AssertValue(without, "au-macro-f1-outside", 0.6111111, 4);
        var with = Table([1, 4, 6, 9, 12, 15], rows);
        AssertValue(with, "au-macro-f1", 0.6111111, 4);
        AssertValue(with, "au-macro-f1-paper", 0.7333333, 4);
    }

    [Fact]
    public void Claims_are_checked_against_labels_and_reference()
    {
        // Claimed: AU6 (there), AU12 (there), AU4 (not there), AU25 (not annotated). The reference claims AU6 and AU15.
        var table = Table([4, 6, 12, 15], Row(0, "AU6, AU12, AU4, AU25", [6, 12, 15], "<think>Seen are AU6 and AU15.</think>"));

        AssertValue(table, "claim-precision", 2 / 3.0, 3);
        AssertValue(table, "claim-unverifiable", 0.25, 4);
        AssertValue(table, "claim-recall", 0.5, 2);
    }

    [Fact]
    public void Text_overlap_covers_three_kinds_and_REGE_shows_its_two_terms()
    {
        var table = Table([6, 12], Row(0, "cheek raised AU6", [6], "<think>Seen cheeks raise AU6.</think>"));

        AssertValue(table, "rouge-1", 1, 1);
        AssertValue(table, "rouge-2", 1, 1);
        AssertValue(table, "rouge-l", 1, 1);
        var rege = table.Single(row => row.Id == "rege-emotion");
        Assert.Equal(2, rege.Value!.Value, 9);
        Assert.Contains("recognition 1.000 + ROUGE-L 1.000", rege.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_four_joint_outcomes_add_up_to_one()
    {
        var table = Table([6, 12], Row(0, "AU6", [6]), Row(1, "AU12", [6]), Row(2, "AU6", [6], truth: Emotion.Fear), Row(3, "AU12", [6], truth: Emotion.Fear));

        Assert.All(table.Where(row => row.Id.StartsWith("joint-", StringComparison.Ordinal)), row => Assert.Equal((0.25, 4), (row.Value, row.N)));
        AssertValue(table, "wrong-reasons", 0.25, 4);
    }

    [Fact]
    public void What_is_not_defined_says_why_and_is_never_zero()
    {
        var table = Table([6, 12], new ResultRow("s", null, "nothing", 1, None, EvaluationRow.Of(FacialR1.Analysis.Reasoning.ReasoningParser.Parse("nothing"), new ResponseLabels(null, null))));

        Assert.All((string[])["emotion-accuracy", "au-macro-f1", "brier", "ece", "rouge-l", "rege-au", "chair-i", "claim-precision", "stated", "implied", "alignment-pmi"], id =>
        {
            var row = table.Single(each => each.Id == id);
            Assert.Null(row.Value);
            Assert.False(string.IsNullOrEmpty(row.Note), id);
        });
        Assert.Equal(table.Count, table.Select(row => row.Id).Distinct().Count());
        Assert.NotEmpty(MeasureTable.Of(new ResultSet("m", [6], []), AlignmentTables.Shipped, resamples: 10));
    }

    private static ResultRow Row(int number, string units, int[] labelled, string? reference = null, Emotion truth = Emotion.Happiness) => ResultRow.Of(
        $"s{number}", null, $"<think>Seen {units}.</think>\n<answer>happiness</answer>", 10, new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.8, [Emotion.Fear] = 0.2 },
        new ResponseLabels(truth, labelled), reference);

    private static IReadOnlyList<Measured> Table(IReadOnlyList<int> vocabulary, params ResultRow[] rows) => MeasureTable.Of(new ResultSet("m", vocabulary, rows), AlignmentTables.Shipped, resamples: 200);

    private static void AssertValue(IReadOnlyList<Measured> table, string id, double value, int n)
    {
        var row = table.Single(each => each.Id == id);
        Assert.True(row.Value is not null, $"{id}: {row.Note}");
        Assert.Equal(value, row.Value.Value, 1e-6);
        Assert.Equal(n, row.N);
    }
}
