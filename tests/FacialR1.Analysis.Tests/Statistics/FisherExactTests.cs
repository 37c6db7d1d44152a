using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

public sealed class FisherExactTests
{
    /// <summary>Fisher's tea: 3 of 4 against 1 of 4 gives 34/70; 8 of 10 against 1 of 6 gives 400/11440 (all tables with 9 hits among 16, enumerated).</summary>
    [Theory]
    [InlineData(3, 4, 1, 4, 34.0 / 70)]
    [InlineData(4, 4, 0, 4, 2.0 / 70)]
    [InlineData(8, 10, 1, 6, 400.0 / 11440)]
    [InlineData(5, 10, 5, 10, 1)]
    [InlineData(0, 10, 0, 7, 1)]
    public void Worked_examples(int hits, int samples, int otherHits, int otherSamples, double expected) =>
        Assert.Equal(expected, FisherExact.TwoSidedP(hits, samples, otherHits, otherSamples), 1e-9);

    [Fact]
    public void It_is_the_sum_over_all_tables_no_likelier_than_the_observed()
    {
        for (var hits = 0; hits <= 7; hits++)
            for (var other = 0; other <= 9; other++)
            {
                var observed = Table(hits, 7, other, 9);
                var expected = Enumerable.Range(0, 8).Where(k => hits + other - k is >= 0 and <= 9).Select(k => Table(k, 7, hits + other - k, 9)).Where(p => p <= observed * (1 + 1e-7)).Sum();
                Assert.Equal(expected, FisherExact.TwoSidedP(hits, 7, other, 9), 1e-12);
            }

        static double Table(int a, int n, int b, int m) => Choose(n, a) * Choose(m, b) / Choose(n + m, a + b);
        static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (value, i) => value * (n - k + i) / i);
    }

    [Fact]
    public void Large_and_far_apart_is_small_and_not_lost()
    {
        Assert.InRange(FisherExact.TwoSidedP(9000, 10_000, 50_000, 90_000), 0, 1e-300);
        Assert.InRange(FisherExact.TwoSidedP(5010, 10_000, 45_000, 90_000), 0.8, 0.9);
    }

    [Fact]
    public void The_worst_part_is_judged_against_the_rest_and_after_Holm()
    {
        SliceCount[] slices = [new("emotion", "fear", 10, 50), new("emotion", "anger", 40, 50), new("subject", "s1", 0, 5)];
        var scores = SliceScore.Of(slices, hits: 150, samples: 200);
        Assert.Equal([0.2, 0.8, 0], scores.Select(score => score.Rate.Value));
        Assert.Equal(140.0 / 150, scores[0].RestRate!.Value, 1e-12);
        Assert.Null(scores[2].P);   // five samples say nothing
        Assert.Equal(Math.Min(1, 2 * scores[0].P!.Value), scores[0].AdjustedP!.Value, 1e-15);   // a family of two
        Assert.Equal(["fear"], SliceScore.Worst(scores, isHigherBetter: true).Select(score => score.Slice.Value));
    }
}
