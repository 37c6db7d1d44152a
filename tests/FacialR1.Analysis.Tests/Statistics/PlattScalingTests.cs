using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

public sealed class PlattScalingTests
{
    [Fact]
    public void Scale_and_shift_that_made_the_outcomes_are_found_again()
    {
        var random = new Random(5);
        var truth = new PlattScaling(0.6, -0.8);
        var rows = Enumerable.Range(0, 40_000).Select(_ => random.NextDouble() * 10 - 5).Select(logit => (logit, random.NextDouble() < truth.Of(logit))).ToArray();

        var fitted = PlattScaling.Fit(rows);

        Assert.Equal(truth.Scale, fitted.Scale, 0.03);
        Assert.Equal(truth.Shift, fitted.Shift, 0.05);
    }

    [Fact]
    public void The_mean_probability_becomes_the_share_that_is_present()
    {
        (double, bool)[] rows = [.. Enumerable.Range(0, 1000).Select(index => (3 + index % 7 * 0.3, index % 5 == 0))];
        Assert.Equal(0.2, rows.Average(row => PlattScaling.Fit(rows).Of(row.Item1)), 0.002);
    }

    [Fact]
    public void Data_that_a_line_separates_stay_finite()
    {
        var fitted = PlattScaling.Fit([(-2, false), (-1, false), (1, true), (2, true)]);
        Assert.True(double.IsFinite(fitted.Scale) && fitted.Of(2) > 0.6 && fitted.Of(-2) < 0.4);
    }

    [Fact]
    public void One_outcome_alone_is_refused() => Assert.Contains("Both outcomes", Assert.Throws<ArgumentException>(() => PlattScaling.Fit([(1, true)])).Message, StringComparison.Ordinal);
}
