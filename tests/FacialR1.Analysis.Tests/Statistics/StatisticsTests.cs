using CsCheck;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

/// <summary>The worked examples of the measures; the expected numbers were computed with independent scripts.</summary>
public sealed class StatisticsTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    public void Wilson_gives_the_known_intervals(int successes, int trials, double low, double high)
    {
        var interval = Wilson.Interval(successes, trials)!.Value;
        Assert.Equal(low, interval.Low, Tolerance);
        Assert.Equal(high, interval.High, Tolerance);
    }

    [Fact]
    public void Wilson_holds_the_rate_and_has_nothing_to_say_without_trials()
    {
        Assert.Null(Wilson.Interval(0, 0));
        Gen.Int[1, 500].SelectMany(trials => Gen.Int[0, trials].Select(successes => (successes, trials))).Sample((successes, trials) =>
        {
            var interval = Wilson.Interval(successes, trials)!.Value;
            return 0 <= interval.Low && interval.Low <= (double)successes / trials && (double)successes / trials <= interval.High && interval.High <= 1;
        });
    }

    [Fact]
    public void McNemar_gives_the_known_values()
    {
        Assert.Equal(0.0768127, McNemar.ExactP(12, 4), Tolerance);
        Assert.Equal(0.0490417, McNemar.MidP(4, 12), Tolerance);
        var difference = McNemar.DifferenceInterval(12, 4, 50)!.Value;
        Assert.Equal(0.008079, difference.Low, Tolerance);
        Assert.Equal(0.311921, difference.High, Tolerance);
        Assert.Equal(1, McNemar.ExactP(0, 0));
        Assert.Equal(1, McNemar.ExactP(5, 5));
        Assert.Equal(1, McNemar.MidP(5, 5), 1e-12);
        Assert.InRange(McNemar.ExactP(3000, 3200), 0.005, 0.02);   // far below the smallest term a double could hold directly
    }

    [Fact]
    public void Holm_gives_the_known_values_in_the_order_given()
    {
        var adjusted = Holm.Adjust([.01, .04, .03, .005]);
        double[] expected = [.03, .06, .06, .02];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], adjusted[i], 1e-12);
        Assert.Empty(Holm.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([double.NaN]));
    }

    [Fact]
    public void Quantiles_interpolate_between_neighbours()
    {
        double[] sorted = [1, 2, 4, 8];
        Assert.Equal(1, Quantiles.Type7(sorted, 0));
        Assert.Equal(1.75, Quantiles.Type7(sorted, 0.25));
        Assert.Equal(3, Quantiles.Type7(sorted, 0.5));
        Assert.Equal(8, Quantiles.Type7(sorted, 1));
        Assert.Throws<ArgumentException>(() => Quantiles.Type7([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Type7(sorted, double.NaN));
    }

    [Fact]
    public void Calibration_gives_the_known_values()
    {
        double[] confidences = [.95, .9, .85, .7, .65, .55, .45, .3];
        int[] correct = [1, 1, 0, 1, 0, 1, 0, 0];
        ConfidentAnswer[] answers = [.. confidences.Zip(correct, (confidence, hit) => new ConfidentAnswer(confidence, hit == 1))];
        Assert.Equal(0.16875, Calibration.ExpectedError(Calibration.EqualWidthBins(answers, 5))!.Value, Tolerance);
        Assert.Equal(0.2178125, Calibration.Brier(answers)!.Value, Tolerance);
        Assert.Null(Calibration.Brier([]));
        Assert.Null(Calibration.ExpectedError(Calibration.EqualWidthBins([])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calibration.EqualWidthBins([new(1.2, true)]));
    }

    [Fact]
    public void Every_answer_falls_into_the_bin_whose_edges_hold_it() =>
        Gen.Select(Gen.Select(Gen.Int[0, 100], Gen.Bool, (c, hit) => new ConfidentAnswer(c / 100.0, hit)).Array[0, 60], Gen.Int[1, 100]).Sample((answers, bins) =>
        {
            var width = Calibration.EqualWidthBins(answers, bins);
            var mass = Calibration.EqualMassBins(answers, bins);
            Assert.Equal(answers.Length, width.Sum(bin => bin.Count));
            Assert.Equal(answers.Length, mass.Sum(bin => bin.Count));
            foreach (var bin in width)
                Assert.Equal(bin.Count, answers.Count(answer => (answer.Confidence > bin.Low || (bin.Low == 0 && answer.Confidence == 0)) && answer.Confidence <= bin.High));
            foreach (var bin in mass)
                Assert.Equal(bin.Count, answers.Count(answer => answer.Confidence >= bin.Low && answer.Confidence <= bin.High));
        });
}
