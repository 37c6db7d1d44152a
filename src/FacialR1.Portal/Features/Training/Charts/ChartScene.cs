using System.Globalization;
using System.Text;

namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>A line as the browser draws it, in a square of <see cref="ChartScene.Side"/> units whose y axis points down.</summary>
/// <param name="RawPath">SVG path of what was logged; dots where the points are few.</param>
/// <param name="SmoothPath">SVG path of the smoothed line; empty without smoothing.</param>
/// <param name="BandPath">Closed SVG path of ± one deviation; empty without one.</param>
public sealed record SceneLine(string Label, int Color, string RawPath, string SmoothPath, string BandPath);

/// <summary>A point the cursor can stand on.</summary>
/// <param name="X">Place along the axis, in steps or seconds.</param>
public sealed record ScenePoint(double X, long Step, double Seconds);

/// <summary>What one line has where the cursor stands.</summary>
/// <param name="Step">Step of the nearest logged value.</param>
public sealed record SceneReading(string Label, int Color, long Step, double Value, double? Smoothed, double? Deviation);

/// <summary>Everything a chart shows, computed once from the curves; immutable afterwards, so that drawing needs no lock.</summary>
public sealed class ChartScene
{
    /// <summary>Units a side of the drawing; the browser stretches it to the room there is.</summary>
    public const int Side = 1000;

    private const int Blocks = 240;
    private const int FewPoints = 60;
    private readonly IReadOnlyList<IReadOnlyList<SceneReading>> readings;

    private ChartScene(IReadOnlyList<IReadOnlyList<SceneReading>> readings) => this.readings = readings;

    public required ChartAxis Axis { get; init; }

    /// <summary>What is shown.</summary>
    public required ChartRange Range { get; init; }

    /// <summary>What there is.</summary>
    public required ChartRange Whole { get; init; }
    public required IReadOnlyList<SceneLine> Lines { get; init; }

    /// <summary>Places from 0 (left) to 1 with their labels.</summary>
    public required IReadOnlyList<AxisTick> XTicks { get; init; }

    /// <summary>Places from 0 (bottom) to 1 with their labels.</summary>
    public required IReadOnlyList<AxisTick> YTicks { get; init; }

    /// <summary>Where the cursor can stand: the drawn points of the longest line.</summary>
    public required IReadOnlyList<ScenePoint> Points { get; init; }

    /// <summary>Values logged inside the range by the longest line.</summary>
    public required int Count { get; init; }

    public bool IsZoomed => Range != Whole;

    /// <summary>What every line has at a point.</summary>
    public IReadOnlyList<SceneReading> At(int point) => readings[point];

    /// <summary>The point nearest to a place from 0 (left) to 1.</summary>
    public int Nearest(double place)
    {
        var x = Range.From + place * Range.Width;
        var (low, high) = (0, Points.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Points[middle].X < x) low = middle + 1;
            else high = middle;
        }
        return low > 0 && x - Points[low - 1].X < Points[low].X - x ? low - 1 : low;
    }

    /// <summary>From 0 (left) to 1.</summary>
    public double Place(int point) => Range.Width > 0 ? (Points[point].X - Range.From) / Range.Width : 0.5;

    /// <summary>Puts a chart together.</summary>
    /// <param name="lines">At least one; lines without points are left out.</param>
    /// <param name="axis">What lies along it.</param>
    /// <param name="range">What is looked at; all there is when null or outside of it.</param>
    /// <returns>Null when no line has a point.</returns>
    public static ChartScene? Make(IReadOnlyList<ChartLine> lines, ChartAxis axis, ChartRange? range)
    {
        var drawn = lines.Where(line => line.Raw.Count > 0).ToList();
        if (drawn.Count == 0) return null;
        var whole = new ChartRange(drawn.Min(line => line.Raw.X(0, axis)), drawn.Max(line => line.Raw.X(line.Raw.Count - 1, axis)));
        var view = range is { Width: > 0 } asked && asked.From < whole.To && asked.To > whole.From
            ? new ChartRange(Math.Max(asked.From, whole.From), Math.Min(asked.To, whole.To))
            : whole;

        var cuts = drawn.Select(line => Cut(line, axis, view)).ToList();
        var (low, high) = ValueRange(cuts);
        var longest = cuts.MaxBy(cut => cut.End - cut.Start)!;
        // Points of the neighbours left and right are drawn so that lines reach the edge; the cursor stays inside.
        var points = longest.Indices.Where(index => Inside(longest.Line.Raw.X(index, axis), view))
            .Select(index => new ScenePoint(longest.Line.Raw.X(index, axis), longest.Line.Raw.Step(index), longest.Line.Raw.Seconds(index))).ToList();
        if (points.Count == 0)
            points.Add(new ScenePoint(longest.Line.Raw.X(longest.Start, axis), longest.Line.Raw.Step(longest.Start), longest.Line.Raw.Seconds(longest.Start)));

        return new ChartScene([.. points.Select(point => Read(drawn, axis, point.X))])
        {
            Axis = axis,
            Range = view,
            Whole = whole,
            Lines = [.. cuts.Select(cut => Draw(cut, axis, view, low, high))],
            XTicks = Placed(axis == ChartAxis.Step ? AxisTicks.Whole(view.From, view.To, 5) : AxisTicks.Seconds(view.From, view.To, 5), view.From, view.To),
            YTicks = Placed(AxisTicks.Linear(low, high, 4), low, high),
            Points = points,
            Count = longest.Indices.Count == 0 ? 0 : longest.Line.Raw.FirstAtOrAfter(axis, Math.BitIncrement(view.To)) - longest.Line.Raw.FirstAtOrAfter(axis, view.From),
        };
    }

    private sealed record LineCut(ChartLine Line, int Start, int End, IReadOnlyList<int> Indices, IReadOnlyList<int> SmoothIndices);

    private static LineCut Cut(ChartLine line, ChartAxis axis, ChartRange view)
    {
        var start = Math.Max(0, line.Raw.FirstAtOrAfter(axis, view.From) - 1);
        var end = Math.Min(line.Raw.Count, line.Raw.FirstAtOrAfter(axis, Math.BitIncrement(view.To)) + 1);
        if (start >= end) start = Math.Max(0, end - 1);
        return new LineCut(line, start, end, line.Raw.Values.Sample(start, end, Blocks), line.Smoothed?.Sample(start, end, Blocks) ?? []);
    }

    private static (double Low, double High) ValueRange(List<LineCut> cuts)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var cut in cuts)
        {
            foreach (var index in cut.Indices)
            {
                var (value, deviation) = (cut.Line.Raw.Values[index], DeviationAt(cut.Line, index) ?? 0);
                low = Math.Min(low, value - deviation);
                high = Math.Max(high, value + deviation);
            }
        }
        var room = (high - low) * 0.04;
        // A flat line lies in the middle, on a scale that fits its size.
        if (!(room > 0)) room = low == 0 ? 1 : Math.Abs(low) * 0.1;
        return (low - room, high + room);
    }

    private static double? DeviationAt(ChartLine line, int index)
    {
        if (line.Deviation is not { Count: > 0 } deviation) return null;
        var step = line.Raw.Step(index);
        var at = deviation.FirstAtOrAfter(ChartAxis.Step, step);
        return at < deviation.Count && deviation.Step(at) == step ? deviation.Values[at] : null;
    }

    private static SceneLine Draw(LineCut cut, ChartAxis axis, ChartRange view, double low, double high)
    {
        var raw = cut.Line.Raw;
        double X(int index) => view.Width > 0 ? (raw.X(index, axis) - view.From) / view.Width * Side : Side / 2.0;
        double Y(double value) => (high - value) / (high - low) * Side;

        var path = new StringBuilder();
        foreach (var index in cut.Indices) Put(path, X(index), Y(raw.Values[index]));
        // A segment of no length with round ends is a dot, and stays round however the drawing is stretched.
        if (cut.Indices.Count <= FewPoints)
            foreach (var index in cut.Indices) path.Append(CultureInfo.InvariantCulture, $"M{X(index):0.#} {Y(raw.Values[index]):0.#}h0");

        var smooth = new StringBuilder();
        foreach (var index in cut.SmoothIndices) Put(smooth, X(index), Y(cut.Line.Smoothed![index]));

        var band = new StringBuilder();
        var edge = cut.Indices.Select(index => (X: X(index), Value: raw.Values[index], Deviation: DeviationAt(cut.Line, index)))
            .Where(point => point.Deviation is not null).ToList();
        if (edge.Count > 1)
        {
            foreach (var point in edge) Put(band, point.X, Y(point.Value + point.Deviation!.Value));
            foreach (var point in Enumerable.Reverse(edge)) Put(band, point.X, Y(point.Value - point.Deviation!.Value));
            band.Append('Z');
        }
        return new SceneLine(cut.Line.Label, cut.Line.Color, path.ToString(), smooth.ToString(), band.ToString());
    }

    private static void Put(StringBuilder path, double x, double y) => path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");

    private static List<SceneReading> Read(List<ChartLine> lines, ChartAxis axis, double x) =>
    [
        .. lines.Select(line => (Line: line, Index: line.Raw.Nearest(axis, x))).Select(found => new SceneReading(found.Line.Label, found.Line.Color,
            found.Line.Raw.Step(found.Index), found.Line.Raw.Values[found.Index], found.Line.Smoothed?[found.Index], DeviationAt(found.Line, found.Index))),
    ];

    private static bool Inside(double x, ChartRange view) => x >= view.From && x <= view.To;

    private static List<AxisTick> Placed(IReadOnlyList<AxisTick> ticks, double low, double high) =>
        [.. ticks.Where(tick => tick.Value >= low && tick.Value <= high).Select(tick => tick with { Value = high > low ? (tick.Value - low) / (high - low) : 0.5 })];
}
