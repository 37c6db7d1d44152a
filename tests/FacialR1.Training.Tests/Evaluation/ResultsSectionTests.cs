using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Evaluation;

namespace FacialR1.Training.Tests.Evaluation;

/// <summary>The text of the results page, from answers that the test writes.</summary>
public sealed class ResultsSectionTests
{
    [Fact]
    public void Every_checkpoint_has_value_interval_and_n_and_every_step_a_paired_difference()
    {
        var section = new ResultsSection(Header, [Set("base", right: 10), Set("sft", right: 30)], [Set("mini", right: 40)], CancellationToken.None);
        Assert.Equal("fer-au-test", section.Name);
        var document = section.Document();
        Assert.Contains("**fer-au/test**, n = 40, 95% intervals, 10000 resamples. Estimated labels.", document, StringComparison.Ordinal);
        Assert.Contains("| base | 0.250 (", document, StringComparison.Ordinal);
        Assert.Contains("| mini | 1.000 (1.000 – 1.000)", document, StringComparison.Ordinal);
        // 20 of 40 answers became right: the difference of the accuracies, and mini stands beside the last of the chain.
        Assert.Contains("| base → sft | +0.500 (", document, StringComparison.Ordinal);
        Assert.Contains("| sft → mini | +0.250 (", document, StringComparison.Ordinal);
        Assert.DoesNotContain("base → mini", document, StringComparison.Ordinal);
        Assert.Contains("- base → sft: sft is better", document, StringComparison.Ordinal);
        Assert.Contains("| sft | 0.750 (", section.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_checkpoint_alone_makes_no_report() =>
        Assert.Throws<ArgumentException>(() => new ResultsSection(Header, [Set("base", right: 1)], [], CancellationToken.None));

    [Fact]
    public void Only_what_is_between_the_markers_is_replaced()
    {
        const string document = "# Title\n\n<!-- results:a -->\nold\n<!-- /results:a -->\n\nEnd\n";
        Assert.Equal("# Title\n\n<!-- results:a -->\nnew\n<!-- /results:a -->\n\nEnd\n", MarkedText.Replace(document, "a", "\nnew\n"));
        Assert.Equal(document.TrimEnd() + "\n\n<!-- results:b -->\nnew\n<!-- /results:b -->\n", MarkedText.Replace(document, "b", "new"));
        Assert.Throws<FormatException>(() => MarkedText.Replace("<!-- /results:a --> <!-- results:a -->", "a", "x"));
        Assert.Throws<FormatException>(() => MarkedText.Replace("<!-- results:a -->", "a", "x"));
    }

    [Fact]
    public void The_same_question_is_known_whatever_the_model_is_called()
    {
        Assert.True(Header.AsksTheSameAs(Header with { Model = "other", Started = DateTimeOffset.UnixEpoch }));
        Assert.False(Header.AsksTheSameAs(Header with { CheckpointSha256 = "bb" }));
        Assert.NotEqual(Header.ShortId(), (Header with { SampleIdsSha256 = "cc" }).ShortId());
        Assert.Equal(Header.ShortId(), (Header with { Started = DateTimeOffset.UnixEpoch }).ShortId());
    }

    private static ResultHeader Header { get; } = new()
    {
        Model = "base", CheckpointSha256 = "aa", Benchmark = "fer-au/test", DataSha256 = "dd", Samples = 40, SampleIdsSha256 = "ee", ActionUnits = ["AU6", "AU12"],
        LabelNote = "Estimated labels.", Prompt = "p", Decoding = DecodingOptions.Greedy,
    };

    private static ResultSet Set(string name, int right) => new(name, [6, 12],
    [
        .. Enumerable.Range(0, 40).Select(sample => ResultRow.Of(
            $"s{sample}", null, $"<think>Raised cheeks (AU6) and lip corners pulled up (AU12).</think><answer>{(sample < right ? "happiness" : "fear")}</answer>", 20,
            new Dictionary<Emotion, double>(), new ResponseLabels(Emotion.Happiness, [6, 12]))),
    ]);
}
