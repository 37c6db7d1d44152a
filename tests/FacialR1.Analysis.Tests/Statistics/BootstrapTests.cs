using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using Xunit.Abstractions;

namespace FacialR1.Analysis.Tests.Statistics;

public sealed class BootstrapTests(ITestOutputHelper output)
{
    [Fact]
    public void All_resamples_of_four_differences_give_the_known_summary()
    {
        int[] differences = [1, 0, 1, -1];
        var means = Enumerable.Range(0, 256).Select(code => Enumerable.Range(0, 4).Average(i => differences[(code >> (2 * i)) & 3]));
        var distribution = new BootstrapDistribution(means);
        Assert.Equal(0.25, distribution.Mean!.Value, 1e-12);
        Assert.Equal(new Interval(-0.5, 1), distribution.Interval());
        Assert.Equal(0.375, distribution.ShareAtMostZero);
    }

    [Fact]
    public void Drawn_resamples_approach_all_resamples_by_counts_and_by_weights()
    {
        var (a, b) = (new CountTable(4, 1), new CountTable(4, 1));
        int[] first = [1, 1, 1, 0], second = [0, 1, 0, 1];
        for (var i = 0; i < 4; i++) (a[i][0], b[i][0]) = (first[i], second[i]);
        var paired = Bootstrap.ResampleDifferences(a, b, 1, (totals, values) => values[0] = totals[0] / 4.0, new Pcg32(1))[0];
        Assert.Equal(0.375, paired.ShareAtMostZero!.Value, 0.02);
        Assert.Equal(new Interval(-0.5, 1), paired.Interval());
        Assert.InRange(paired.TwoSidedP!.Value, 0.7, 0.8);

        var weighted = Bootstrap.Resample(4, times => (times[0] + times[2] - times[3]) / 4.0, new Pcg32(1));
        Assert.Equal(paired.ShareAtMostZero, weighted.ShareAtMostZero);   // same generator, same draws
    }

    [Fact]
    public void P_never_reaches_zero_and_undefined_resamples_do_not_count()
    {
        var certain = new BootstrapDistribution(Enumerable.Repeat(0.5, 999));
        Assert.Equal(2.0 / 1000, certain.TwoSidedP);
        var holes = new BootstrapDistribution([double.NaN, 1, 2]);
        Assert.Equal(2, holes.Count);
        var none = new BootstrapDistribution([double.NaN]);
        Assert.Null(none.Interval());
        Assert.Null(none.TwoSidedP);
        Assert.Null(Bootstrap.Resample(new CountTable(0, 3), 1, (_, values) => values[0] = 1, new Pcg32(1))[0].Interval());
    }

    [Fact]
    public void Sides_of_a_pair_must_have_the_same_samples() => Assert.Throws<ArgumentException>(
        () => Bootstrap.ResampleDifferences(new CountTable(3, 1), new CountTable(4, 1), 1, (_, _) => { }, new Pcg32(1)));

    [Fact]
    public void Summing_by_subject_keeps_the_totals()
    {
        var random = new Pcg32(9);
        var table = new CountTable(50, 11);
        for (var row = 0; row < 50; row++)
            for (var column = 0; column < 11; column++) table[row][column] = random.NextInt(5);
        var bySubject = table.SumBy([.. Enumerable.Range(0, 50).Select(row => row % 7)]);
        Assert.Equal(7, bySubject.Rows);
        Assert.Equal(table.Totals(), bySubject.Totals());
        Assert.Equal(Enumerable.Range(0, 50).Sum(row => table[row][10]), table.Totals()[10]);
    }

    [Fact]
    public void Sums_of_a_batch_are_those_of_the_drawn_rows_however_large_the_counts()
    {
        foreach (var (rows, columns, most) in ((int, int, int)[])[(1, 1, 3), (300, 37, 5), (700, 16, 1), (50, 9, 2_000_000)])
        {
            var random = new Pcg32(3);
            var (table, values) = (new CountTable(rows, columns), new ValueTable(rows, columns));
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++) values[row][column] = table[row][column] = random.NextInt(most + 1);
            var (counted, valued) = (Bootstrap.Resample(table, columns, (totals, results) => { for (var i = 0; i < columns; i++) results[i] = totals[i]; }, new Pcg32(8), 70),
                Bootstrap.Resample([Resampled.From(values, columns, (totals, results) => totals.CopyTo(results))], new Pcg32(8), 70));
            for (var column = 0; column < columns; column++)
            {
                var (draws, sums) = (new Pcg32(8), new double[70]);
                for (var resample = 0; resample < 70; resample++)
                    for (var draw = 0; draw < rows; draw++) sums[resample] += table[draws.NextInt(rows)][column];
                Assert.Equal(new BootstrapDistribution(sums).Interval(), counted[column].Interval());
                Assert.Equal(sums.Average(), valued.Of(0, column).Mean!.Value, 1e-6);
            }
        }
    }

    [Fact]
    public void Ten_thousand_resamples_of_macro_f1_over_2000_samples_and_12_units_take_about_a_second()
    {
        int[] vocabulary = [1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24];
        var random = new Pcg32(4);
        int[] Draw() => [.. vocabulary.Where(_ => random.NextDouble() < 0.3)];
        EvaluationRow[] rows = [.. Enumerable.Range(0, 2000).Select(_ => new EvaluationRow(true, Emotion.Fear, Draw(), new ResponseLabels(null, Draw())))];
        var counts = new EvaluationCounts(vocabulary);
        var table = counts.Table(rows);
        Bootstrap.Resample(table, counts.Measures, counts.Compute, new Pcg32(1), 200);   // compiled before the clock starts

        var f1 = new BootstrapDistribution([]);
        var time = ThreadTime.Of(() => f1 = Bootstrap.Resample(table, counts.Measures, counts.Compute, new Pcg32(1))[EvaluationCounts.AuMacroF1]);
        output.WriteLine($"{time.TotalSeconds:0.000} s");
        var interval = f1.Interval()!.Value;
        Assert.InRange(ActionUnitScores.Of(rows, vocabulary).MacroF1!.Value, interval.Low, interval.High);
        // Half a second of a free core; the bound leaves room for shared caches and still catches a lost vector loop.
        Assert.True(time < TimeSpan.FromSeconds(2), $"Took {time}.");
    }
}
