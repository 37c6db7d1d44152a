using CsCheck;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

/// <summary>Expected numbers from an independent script over all resamples, and from Efron and Tibshirani (1993), table 14.2.</summary>
public sealed class BcaTests
{
    private static readonly double[] SpatialTest = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];

    [Fact]
    public void All_resamples_of_the_worked_example_give_the_known_interval()
    {
        double[] differences = [1, 0, 1, -1];
        var all = new BootstrapDistribution(Enumerable.Range(0, 256).Select(code => Enumerable.Range(0, 4).Average(i => differences[(code >> (2 * i)) & 3])));
        var acceleration = Jackknife.Acceleration(WithoutEach(differences, values => values.Average()));
        Assert.Equal(-0.04111518335151321, acceleration, 1e-12);
        Assert.Equal(new Interval(-0.75, 1), all.BcaInterval(0.25, acceleration));
        Assert.Equal(new Interval(-0.5, 1), all.Interval());
    }

    [Fact]
    public void All_resamples_of_a_skewed_variance_give_the_known_interval()
    {
        double[] values = [1, 2, 3, 5, 11];
        var all = new BootstrapDistribution(Enumerable.Range(0, 3125).Select(code => Variance([.. Enumerable.Range(0, 5).Select(i => values[code / (int)Math.Pow(5, i) % 5])])));
        var acceleration = Jackknife.Acceleration(WithoutEach(values, Variance));
        Assert.Equal(0.09641658965085452, acceleration, 1e-12);
        AssertNear(1.2, 24.0, all.BcaInterval(12.64, acceleration)!.Value, 1e-9);
        AssertNear(0.4, 21.44, all.Interval()!.Value, 1e-9);
        AssertNear(1.76, 22.56, all.BcaInterval(12.64, acceleration, 0.9)!.Value, 1e-9);
    }

    [Fact]
    public void The_published_example_is_met_by_drawn_resamples()
    {
        // θ̂ = 171.5, â = 0.061; BCa 115.8 to 259.6 and percentile 100.8 to 233.9 from 2,000 resamples, 90%.
        var table = new ValueTable(SpatialTest.Length, 3);
        foreach (var (row, value) in SpatialTest.Index()) (table[row][0], table[row][1], table[row][2]) = (value, value * value, 1);
        var resampled = Resampled.From(table, 1, (totals, values) => values[0] = totals[1] / totals[2] - Math.Pow(totals[0] / totals[2], 2));
        var acceleration = Jackknife.Acceleration(resampled.WithoutEach()[0]);
        Assert.Equal(171.53402366863904, resampled.Observed()[0], 1e-9);
        Assert.Equal(0.06124011981230725, acceleration, 1e-9);
        var distribution = Bootstrap.Resample([resampled], new Pcg32(1)).Of(0, 0);
        AssertNear(115.8, 259.6, distribution.BcaInterval(resampled.Observed()[0], acceleration, 0.9)!.Value, 6);
        AssertNear(100.8, 233.9, distribution.Interval(0.9)!.Value, 6);
    }

    [Fact]
    public void Without_bias_and_skew_it_is_the_percentile_interval() => Gen.Double[-5, 5].Array[1, 60].Sample(half =>
    {
        var symmetric = new BootstrapDistribution([.. half, .. half.Select(value => -value), 0]);
        if (symmetric.BcaInterval(0, 0) is not { } corrected) return;
        AssertNear(symmetric.Interval()!.Value.Low, symmetric.Interval()!.Value.High, corrected, 1e-9);
    });

    [Fact]
    public void A_transformed_measure_has_the_transformed_interval() => Gen.Double[0.1, 5].Array[40, 80].Sample(values =>
    {
        // Ends that fall on resamples, as they do with (n − 1)·p whole, turn into their logarithms.
        var observed = values.Order().ElementAt(values.Length / 2);
        var (plain, logarithm) = (new BootstrapDistribution(values), new BootstrapDistribution(values.Select(value => Math.Log(value))));
        var (of, ofLogarithm) = (plain.BcaInterval(observed, 0.05)!.Value, logarithm.BcaInterval(Math.Log(observed), 0.05)!.Value);
        var gap = values.Order().Zip(values.Order().Skip(1), (a, b) => Math.Log(b / a)).Max();
        Assert.InRange(Math.Log(of.Low) - ofLogarithm.Low, -1e-9, gap);
        Assert.InRange(Math.Log(of.High) - ofLogarithm.High, -1e-9, gap);
    });

    [Fact]
    public void Where_every_resample_lies_on_one_side_there_is_no_correction()
    {
        var above = new BootstrapDistribution([1, 2, 3]);
        Assert.Null(above.BcaInterval(0, 0));
        Assert.Null(above.BcaInterval(double.NaN, 0));
        Assert.Null(new BootstrapDistribution([]).BcaInterval(0, 0));
        Assert.Equal(new Interval(2, 2), new BootstrapDistribution([2, 2, 2]).BcaInterval(2, 0));
        Assert.Equal(0, Jackknife.Acceleration([]));
        Assert.Equal(0, Jackknife.Acceleration([double.NaN, 1, 1]));
    }

    [Fact]
    public void A_comparison_can_be_asked_for_it_and_keeps_its_tests()
    {
        ResultRow Row(int sample, bool right) => new($"s{sample}", null, "", 10, new Dictionary<Emotion, double>(),
            new EvaluationRow(true, right ? Emotion.Fear : Emotion.Anger, [6], new ResponseLabels(Emotion.Fear, [6])));
        ResultSet[] sets = [new("a", [6], [.. Enumerable.Range(0, 60).Select(i => Row(i, i < 52))]), new("b", [6], [.. Enumerable.Range(0, 60).Select(i => Row(i, i < 58))])];
        var (percentile, corrected) = (PairedComparison.Of(sets, resamples: 2000), PairedComparison.Of(sets, resamples: 2000, intervals: IntervalKind.Bca));
        var (plain, shifted) = (percentile.Differences[0], corrected.Differences[0]);
        Assert.Equal((plain.Difference, plain.P, plain.OnlyEarlier, plain.OnlyLater), (shifted.Difference, shifted.P, shifted.OnlyEarlier, shifted.OnlyLater));
        Assert.Equal((0, 6), (plain.OnlyEarlier, plain.OnlyLater));
        Assert.NotEqual((plain.Low, plain.High), (shifted.Low, shifted.High));
        Assert.InRange(shifted.Low!.Value, 0, 0.1);
        Assert.Contains("\"intervals\":\"bca\"", corrected.ToJson(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<double> WithoutEach(double[] values, Func<double[], double> measure) =>
        [.. Enumerable.Range(0, values.Length).Select(left => measure([.. values.Where((_, index) => index != left)]))];

    private static double Variance(double[] values) => values.Average(value => Math.Pow(value - values.Average(), 2));

    private static void AssertNear(double low, double high, Interval interval, double tolerance)
    {
        Assert.Equal(low, interval.Low, tolerance);
        Assert.Equal(high, interval.High, tolerance);
    }
}
