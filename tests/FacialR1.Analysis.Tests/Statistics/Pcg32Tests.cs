using CsCheck;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Tests.Statistics;

public sealed class Pcg32Tests
{
    [Fact]
    public void The_numbers_are_those_of_the_published_generator()
    {
        var random = new Pcg32(seed: 42, stream: 54);   // the demo program of the PCG paper
        Assert.Equal([0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu], Enumerable.Range(0, 6).Select(_ => random.NextUInt()));
    }

    [Fact]
    public void A_saved_generator_goes_on_with_the_same_numbers() => Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 50]).Sample((seed, stream, steps) =>
    {
        var random = new Pcg32(seed, stream);
        for (var i = 0; i < steps; i++) random.NextUInt();
        var copy = Pcg32.Restore(random.Save());
        for (var i = 0; i < 10; i++) Assert.Equal(random.NextUInt(), copy.NextUInt());
    });

    [Fact]
    public void A_damaged_state_is_refused() => Assert.Throws<ArgumentException>(() => Pcg32.Restore(new Pcg32State(1, 2)));

    [Fact]
    public void Bounded_numbers_are_uniform_even_for_bounds_that_do_not_divide_the_range()
    {
        var random = new Pcg32(1);
        // 2^32 is 8/3 of this bound: without rejection every third value would come up 2 times where the others come up 3 times.
        const int bound = 3 << 29;
        var thirds = new int[3];
        for (var i = 0; i < 90_000; i++) thirds[random.NextInt(bound) % 3]++;
        Assert.All(thirds, count => Assert.InRange(count, 29_200, 30_800));
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.NextInt(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt(0));
    }

    [Fact]
    public void Doubles_fill_the_unit_interval_without_one()
    {
        var random = new Pcg32(2);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        Assert.All(values, value => Assert.InRange(value, 0, Math.BitDecrement(1)));
        Assert.Equal(0.5, values.Average(), 0.005);
        Assert.Equal(1.0 / 12, values.Select(value => (value - 0.5) * (value - 0.5)).Average(), 0.002);
    }

    [Fact]
    public void Shuffling_reaches_every_order_equally_often()
    {
        var random = new Pcg32(3);
        var orders = new Dictionary<string, int>();
        for (var i = 0; i < 60_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            orders[new string(items)] = orders.GetValueOrDefault(new string(items)) + 1;
        }
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20_000)]
    [InlineData(int.MaxValue)]
    public void Many_at_once_are_the_same_numbers_as_one_by_one(int bound)
    {
        var (single, many) = (new Pcg32(5), new Pcg32(5));
        var filled = new int[1000];
        many.Fill(filled, bound);
        Assert.Equal(filled, Enumerable.Range(0, 1000).Select(_ => single.NextInt(bound)));
        Assert.Equal(single.Save(), many.Save());
    }
}
