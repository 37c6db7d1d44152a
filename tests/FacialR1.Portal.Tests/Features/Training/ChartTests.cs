using System.Globalization;
using CsCheck;
using FacialR1.Portal.Features.Training.Charts;

namespace FacialR1.Portal.Tests.Features.Training;

public sealed class ChartTests
{
    private static readonly Gen<double[]> Values = Gen.Double[-1e3, 1e3].Array[1, 3000];

    private static Curve CurveOf(double[] values)
    {
        var curve = new Curve();
        for (var index = 0; index < values.Length; index++) curve.Add(index + 1, index * 2, values[index]);
        return curve;
    }

    private static ChartLine Line(Curve curve, MinMaxSeries? smoothed = null, Curve? deviation = null) => new("loss", curve, smoothed, deviation, 0);

    [Fact]
    public void A_sample_keeps_the_extremes_the_ends_and_the_order_and_fits_its_room() =>
        Gen.Select(Values, Gen.Int[1, 200], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((values, blocks, one, other) =>
        {
            var series = new MinMaxSeries();
            foreach (var value in values) series.Add(value);
            var (start, end) = ((int)(Math.Min(one, other) * (values.Length - 1)), (int)(Math.Max(one, other) * (values.Length - 1)) + 1);

            var sample = series.Sample(start, end, blocks);

            Assert.Equal(sample.Order().Distinct(), sample);
            Assert.Equal((start, end - 1), (sample[0], sample[^1]));
            Assert.Equal(values[start..end].Max(), sample.Max(index => values[index]));
            Assert.Equal(values[start..end].Min(), sample.Min(index => values[index]));
            Assert.True(sample.Count <= 2 * (blocks + 3), $"{sample.Count} points for {blocks} blocks");
        });

    [Fact]
    public void Growing_and_cutting_between_samples_changes_nothing() =>
        Gen.Select(Values, Values, Gen.Double[0, 1]).Sample((first, second, cut) =>
        {
            var grown = new MinMaxSeries();
            foreach (var value in first) grown.Add(value);
            grown.Sample(0, grown.Count, 10);
            var kept = (int)(cut * first.Length);
            grown.Truncate(kept);
            foreach (var value in second) grown.Add(value);
            var fresh = new MinMaxSeries();
            foreach (var value in (double[])[.. first[..kept], .. second]) fresh.Add(value);

            Assert.Equal(fresh.Sample(0, fresh.Count, 10), grown.Sample(0, grown.Count, 10));
        });

    [Fact]
    public void Smoothing_starts_at_the_first_value_stays_between_the_extremes_and_can_be_continued() =>
        Gen.Select(Values, Gen.Double[0, 0.99], Gen.Double[0, 1]).Sample((values, weight, part) =>
        {
            var curve = new Curve();
            var continued = new SmoothedCurve(weight);
            var half = (int)(part * values.Length);
            for (var index = 0; index < values.Length; index++)
            {
                if (index == half) continued.Of(curve);
                curve.Add(index + 1, index, values[index]);
            }
            var (whole, pieces) = (new SmoothedCurve(weight).Of(curve), continued.Of(curve));

            Assert.Equal(values[0], whole[0], 6);
            for (var index = 0; index < values.Length; index++)
            {
                Assert.Equal(whole[index], pieces[index]);
                Assert.InRange(whole[index], values.Min() - 1e-6, values.Max() + 1e-6);
            }
        });

    [Fact]
    public void Steps_that_a_resumed_run_repeats_replace_the_old_ones()
    {
        var curve = CurveOf([5, 4, 3, 2]);
        var smoothed = new SmoothedCurve(0.5);
        smoothed.Of(curve);

        curve.Add(3, 100, 30);
        curve.Add(4, 102, 20);

        Assert.Equal([1L, 2, 3, 4], Enumerable.Range(0, curve.Count).Select(curve.Step));
        Assert.Equal([5.0, 4, 30, 20], Enumerable.Range(0, curve.Count).Select(index => curve.Values[index]));
        Assert.Equal(new SmoothedCurve(0.5).Of(curve)[3], smoothed.Of(curve)[3]);
    }

    [Fact]
    public void Ticks_are_round_evenly_spaced_inside_the_range_and_not_too_many() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-4, 1e6], Gen.Int[3, 10]).Sample((low, width, wanted) =>
        {
            var ticks = AxisTicks.Linear(low, low + width, wanted);
            Assert.InRange(ticks.Count, 1, 2 * wanted + 1);
            Assert.All(ticks, tick => Assert.InRange(tick.Value, low - width * 1e-6, low + width * (1 + 1e-6)));
            Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
            for (var index = 2; index < ticks.Count; index++)
                Assert.Equal(ticks[1].Value - ticks[0].Value, ticks[index].Value - ticks[index - 1].Value, width * 1e-6);
        });

    [Fact]
    public void Axes_speak_plainly()
    {
        Assert.Equal(["0", "500", "1,000"], AxisTicks.Whole(0, 1000, 2).Select(tick => tick.Label));
        Assert.Equal(["1", "2", "3"], AxisTicks.Whole(1, 3, 5).Select(tick => tick.Label));
        Assert.Equal(["0 s", "30 min", "1 h"], AxisTicks.Seconds(0, 3700, 3).Select(tick => tick.Label));
        Assert.Equal("0.0124", AxisTicks.Number(0.01240004));
        Assert.Equal("12,346", AxisTicks.Number(12345.6));
        Assert.Equal("1.5e-5", AxisTicks.Number(0.000015));
    }

    [Fact]
    public void Everything_drawn_lies_in_the_picture_and_a_single_spike_reaches_near_the_top() =>
        Gen.Select(Values, Gen.Double[0, 1]).Sample((values, place) =>
        {
            values[(int)(place * (values.Length - 1))] = 5e3;
            var curve = CurveOf(values);
            var scene = ChartScene.Make([Line(curve, new SmoothedCurve(0.6).Of(curve))], ChartAxis.Step, null)!;

            var drawn = scene.Lines[0].RawPath.Split(['M', 'L', 'h'], StringSplitOptions.RemoveEmptyEntries).Where(point => point.Contains(' ', StringComparison.Ordinal))
                .Select(point => point.Split(' ')).Select(point => (X: double.Parse(point[0], CultureInfo.InvariantCulture), Y: double.Parse(point[1], CultureInfo.InvariantCulture))).ToList();
            Assert.All(drawn, point => Assert.True(point is { X: >= 0 and <= ChartScene.Side, Y: >= 0 and <= ChartScene.Side }, $"{point}"));
            if (values.Distinct().Count() > 1) Assert.True(drawn.Min(point => point.Y) < 60, "The spike is lost.");
        });

    [Fact]
    public void A_view_outside_of_the_data_falls_back_to_everything()
    {
        var scene = ChartScene.Make([Line(CurveOf([1, 2, 3]))], ChartAxis.Step, new ChartRange(50, 60))!;
        Assert.Equal(new ChartRange(1, 3), scene.Range);
        Assert.False(scene.IsZoomed);
        Assert.Null(ChartScene.Make([Line(new Curve())], ChartAxis.Step, null));
    }

    [Fact]
    public void A_zoomed_view_scales_to_what_it_shows()
    {
        var scene = ChartScene.Make([Line(CurveOf([100, 1, 2, 3, 4]))], ChartAxis.Step, new ChartRange(3, 5))!;
        Assert.Equal((3, 3), (scene.Points.Count, scene.Count));
        Assert.Equal(2, Assert.Single(scene.At(0)).Value);
        Assert.Equal([3L, 4, 5], scene.Points.Select(point => point.Step));
    }

    [Fact]
    public void A_band_lies_one_deviation_around_the_line()
    {
        var scene = ChartScene.Make([Line(CurveOf([2, 2]), deviation: CurveOf([1, 1]))], ChartAxis.Step, null)!;
        Assert.StartsWith("M0 37", scene.Lines[0].BandPath, StringComparison.Ordinal);
        Assert.EndsWith("Z", scene.Lines[0].BandPath, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(scene.At(0)).Deviation);
    }

    [Fact]
    public void A_table_for_other_programs_holds_every_number_exactly_and_no_formula() => Values.Where(values => values.Length > 1).Sample(values =>
    {
        var curve = CurveOf(values);
        var late = new Curve();
        late.Add(2, 2, 0.1);
        var rows = CurveCsv.Write([("=cmd()", curve), ("val,x", late)]).Split("\r\n");

        Assert.Equal("step,seconds,'=cmd(),\"val,x\"", rows[0]);
        Assert.Equal("", rows[^1]);
        for (var index = 0; index < values.Length; index++)
        {
            var cells = rows[index + 1].Split(',');
            Assert.Equal((index + 1).ToString(CultureInfo.InvariantCulture), cells[0]);
            Assert.Equal(values[index], double.Parse(cells[2], CultureInfo.InvariantCulture));
            Assert.Equal(index == 1 ? "0.1" : "", cells[3]);
        }
    });

    [Fact]
    public void A_finite_number_is_asked_for() => Assert.Throws<ArgumentException>(() => new MinMaxSeries().Add(double.NaN));
}
