using System.Globalization;

namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">Where, in the axis' own unit.</param>
/// <param name="Label">What is written beside it.</param>
public readonly record struct AxisTick(double Value, string Label);

/// <summary>Round numbers inside a range: 1, 2 or 5 times a power of ten, or round times.</summary>
public static class AxisTicks
{
    private static readonly double[] RoundSeconds =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    /// <summary>Ticks for plain numbers.</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end; a range of no width gets one tick.</param>
    /// <param name="wanted">About so many, at least 3: with fewer the round numbers may all lie outside of the range.</param>
    /// <exception cref="ArgumentException">An end is not finite.</exception>
    public static IReadOnlyList<AxisTick> Linear(double low, double high, int wanted)
    {
        var step = RoundStep(low, high, wanted);
        if (step is not { } width) return [new AxisTick(low, Number(low))];
        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(width) + 1e-9), 0, 12);
        var isTiny = Math.Max(Math.Abs(low), Math.Abs(high)) < 1e-3;
        return [.. Positions(low, high, width).Select(value => new AxisTick(value,
            value == 0 ? "0" : isTiny ? value.ToString("0.##e-0", CultureInfo.InvariantCulture) : value.ToString($"N{decimals}", CultureInfo.InvariantCulture)))];
    }

    /// <summary>Ticks for whole numbers such as steps: never a fraction of one.</summary>
    public static IReadOnlyList<AxisTick> Whole(double low, double high, int wanted)
    {
        var width = Math.Max(1, RoundStep(low, high, wanted) ?? 1);
        return [.. Positions(low, high, width).Select(value => new AxisTick(value, value.ToString("N0", CultureInfo.InvariantCulture)))];
    }

    /// <summary>Ticks for seconds: "30 s", "5 min", "1 h 30".</summary>
    public static IReadOnlyList<AxisTick> Seconds(double low, double high, int wanted)
    {
        var rough = (high - low) / Math.Max(1, wanted);
        var width = rough < 1 ? RoundStep(low, high, wanted) ?? 1 : RoundSeconds.FirstOrDefault(seconds => seconds >= rough, 604800 * Math.Ceiling(rough / 604800));
        return [.. Positions(low, high, width).Select(value => new AxisTick(value, Duration(value)))];
    }

    /// <summary>Four significant digits, with a power of ten only where zeros would fill the line: "0.0124", "12,346", "1.5e-5".</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return "–";
        var size = Math.Abs(value);
        if (size == 0) return "0";
        if (size is < 1e-4 or >= 1e9) return value.ToString("0.###e-0", CultureInfo.InvariantCulture);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 8);
        return value.ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>"45 s", "12 min", "1 h 05", "2 d 3 h".</summary>
    public static string Duration(double seconds)
    {
        var (sign, size) = (seconds < 0 ? "−" : "", Math.Abs(seconds));
        return sign + (size switch
        {
            < 60 => FormattableString.Invariant($"{Math.Round(size, 2):0.##} s"),
            < 3600 => FormattableString.Invariant($"{Math.Floor(size / 60):0} min{(size % 60 >= 1 ? $" {Math.Floor(size % 60):00}" : "")}"),
            < 86400 => FormattableString.Invariant($"{Math.Floor(size / 3600):0} h{(size % 3600 >= 60 ? $" {Math.Floor(size % 3600 / 60):00}" : "")}"),
            _ => FormattableString.Invariant($"{Math.Floor(size / 86400):0} d{(size % 86400 >= 3600 ? $" {Math.Floor(size % 86400 / 3600):0} h" : "")}"),
        });
    }

    private static double? RoundStep(double low, double high, int wanted)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high)) throw new ArgumentException($"The axis from {low} to {high} has an end that is not a number.");
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var rough = (high - low) / wanted;
        // Below the spacing of doubles there is nothing to count along.
        if (!(rough > 0) || low + rough == low || !double.IsFinite(rough)) return null;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 } * power;
    }

    private static IEnumerable<double> Positions(double low, double high, double width)
    {
        var slack = width * 1e-9;
        for (var number = Math.Ceiling((low - slack) / width); number * width <= high + slack; number++) yield return number * width == 0 ? 0 : number * width;
    }
}
