using FacialR1.Analysis.Reasoning;
using FacialR1.Training.Data;
using FacialR1.Training.Grpo;
using FacialR1.Training.Rewards;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Tests.Grpo;

public sealed class UnitThresholdsTests
{
    private static readonly FaceSample[] Photos = [.. Enumerable.Range(0, 100).Select(index => Photo(index % 2 == 0 ? [12] : [25]))];

    static UnitThresholdsTests() => TorchLibrary.EnsureLoaded();

    [Theory]
    [InlineData(1)]
    [InlineData(0.7)]
    public void They_begin_where_the_shares_of_the_units_put_them(double beta)
    {
        using var thresholds = new UnitThresholds(Photos, 0.4, beta);
        var expected = ActionUnitWeights.Thresholds(Photos, 0.4);
        Assert.All(thresholds.Current, row => Assert.Equal(expected[row.Key], row.Value, 1e-9));
    }

    /// <summary>AU12 is named for three of four photos that show it and for one that does not: F1 = 2·3/(4 + 4) = 0.75; F_0.5 = 1.25·3/(4 + 0.25·4) = 0.75 too, which asks for 0.75/1.25.</summary>
    [Theory]
    [InlineData(1, 0.375)]
    [InlineData(0.5, 0.6)]
    public void They_follow_the_share_of_F_beta_that_was_seen(double beta, double expected)
    {
        using var thresholds = new UnitThresholds(Photos, 0.4, beta);
        PromptGroup[] seen = [Group([12], true), Group([12], true), Group([12], true), Group([12]), Group([25], false)];
        for (var step = 0; step < 200; step++) thresholds.Observe(seen);
        Assert.Equal(expected, thresholds.Current[12], 1e-3);
        Assert.Equal(0.1, thresholds.Current[25], 1e-3);    // labelled once, never named: the least
    }

    [Fact]
    public void A_photo_without_labels_changes_nothing_but_that_the_past_fades_evenly()
    {
        using var thresholds = new UnitThresholds(Photos, 0.4);
        var before = thresholds.Current;
        thresholds.Observe([Group(null)]);
        Assert.All(thresholds.Current, row => Assert.Equal(before[row.Key], row.Value, 1e-9));
    }

    private static FaceSample Photo(int[]? units) => new("photo", [], 0, null, units, null, null);

    private static PromptGroup Group(int[]? units, params bool[] namedAsTwelve) => new(Photo(units), 0, [new Completion(
        [1], [0], ReasoningParser.Parse(""), false, new ResponseReward(new Dictionary<string, double>(), 0), 0)
    {
        Credits = [.. UnitCredit.Of(new NamedUnits([.. namedAsTwelve.Select(isRight => new NamedUnit(12, 0, 1, isRight))], 1, 1), new Dictionary<int, double> { [12] = 0.4 })],
    }]);
}
