using CsCheck;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

public sealed class NormalTests
{
    [Theory]
    [InlineData(-8, 6.220960574271819e-16)]
    [InlineData(-3, 0.0013498980316300957)]
    [InlineData(-1.5, 0.06680720126885809)]
    [InlineData(0, 0.5)]
    [InlineData(0.3, 0.6179114221889526)]
    [InlineData(2, 0.9772498680518208)]
    [InlineData(6, 0.9999999990134123)]
    public void Shares_are_the_known_ones(double z, double share) => Assert.Equal(1, Normal.Cdf(z) / share, 1e-12);

    [Theory]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.025, -1.959963984540054)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    public void Quantiles_are_the_known_ones(double probability, double z) => Assert.Equal(z, Normal.Quantile(probability), 1e-9);

    [Fact]
    public void One_undoes_the_other() => Gen.Double[-6, 6].Sample(z => Assert.Equal(z, Normal.Quantile(Normal.Cdf(z)), 1e-5));

    [Fact]
    public void Ends_are_infinite_and_nonsense_is_refused()
    {
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (Normal.Quantile(0), Normal.Quantile(1)));
        Assert.Equal((0.0, 1.0), (Normal.Cdf(double.NegativeInfinity), Normal.Cdf(double.PositiveInfinity)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.Quantile(double.NaN));
        Assert.Equal(double.NaN, Normal.Cdf(double.NaN));
    }
}
