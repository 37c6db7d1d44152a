using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Features.Compare;

namespace FacialR1.Portal.Tests.Features.Compare;

public sealed class CompareQueryTests
{
    [Fact]
    public void Whatever_is_chosen_comes_back_from_its_address()
    {
        var random = new Random(5);
        T? Some<T>() where T : struct, Enum => random.Next(2) == 0 ? null : Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
        for (var trial = 0; trial < 300; trial++)
        {
            var query = new CompareQuery
            {
                Of = [.. Enumerable.Range(0, random.Next(5)).Select(number => $"a&b=c/{number} ü")],
                Pair = random.Next(2) == 0 ? null : (0, random.Next(1, 4)),
                Intervals = Some<IntervalKind>() ?? default,
                Filter = new SampleFilter
                {
                    Change = SampleChanges.All[random.Next(SampleChanges.All.Count)], Unit = random.Next(2) == 0 ? null : (random.Next(1, 46), UnitChange.Lost), From = Some<AnswerOutcome>(), To = Some<AnswerOutcome>(),
                    Measure = random.Next(2) == 0 ? null : (ComparisonMeasure.All[random.Next(ComparisonMeasure.All.Count)], Some<MeasureSide>() ?? default), Search = random.Next(2) == 0 ? null : "a b&c#%",
                },
                Order = Some<SampleOrder>() ?? default, IsDescending = random.Next(2) == 0, Columns = [.. SampleColumns.All.Where(_ => random.Next(2) == 0)], Page = random.Next(1, 9), Sample = random.Next(2) == 0 ? null : "x/&y",
            };
            var back = CompareQuery.Parse("?" + query);
            Assert.Equal(query.ToString(), back.ToString());
            Assert.Equal((query.Pair, query.Intervals, query.Filter, query.Order, query.IsDescending, query.Page, query.Sample), (back.Pair, back.Intervals, back.Filter, back.Order, back.IsDescending, back.Page, back.Sample));
            Assert.Equal(query.Of, back.Of);
            Assert.Equal(query.Columns, back.Columns);
        }
    }

    [Theory]
    [InlineData("?pair=2-1&pair=9-9")]
    [InlineData("?change=63&sort=1&intervals=7&side=OnlyLater&unit=12&unitchange=0")]
    [InlineData("?measure=nothing&page=99999999999&columns=usual")]
    public void What_makes_no_sense_is_left_out(string text)
    {
        var query = CompareQuery.Parse(text);
        Assert.True(query.Filter.IsEverything);
        Assert.Null(query.Pair);
        Assert.Equal((SampleOrder.Benchmark, IntervalKind.Percentile, 1), (query.Order, query.Intervals, query.Page));
    }

    [Fact]
    public void The_pair_is_always_two_of_the_compared()
    {
        Assert.Equal((0, 1), new CompareQuery { Pair = (0, 3) }.PairOf(2));
        Assert.Equal((0, 2), new CompareQuery().PairOf(3));
        Assert.Equal((1, 2), new CompareQuery { Pair = (1, 2) }.PairOf(3));
    }
}
