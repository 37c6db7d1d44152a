using System.Globalization;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>What may be said about a difference.</summary>
public enum Verdict
{
    /// <summary>The interval leaves out 0 and the adjusted p is at most 0.05.</summary>
    Established,

    /// <summary>Interval and tests disagree, or p is small only before it is adjusted.</summary>
    Borderline,

    /// <summary>The difference may well be chance.</summary>
    NotEstablished,

    /// <summary>Fewer than 20 samples.</summary>
    TooFew,

    /// <summary>The measure is shown to read the others by and is not tested.</summary>
    Described,

    /// <summary>The measure is not defined on one of the sides.</summary>
    NotDefined,
}

/// <summary>How one measure differs between two models that answered the same samples.</summary>
/// <param name="Measure">Id of the measure.</param>
/// <param name="Earlier">Name of the model that comes first.</param>
/// <param name="Later">Name of the other.</param>
/// <param name="N">Samples behind it.</param>
/// <param name="Difference">Later − earlier; null when one is not defined.</param>
/// <param name="Low">Lower end of the paired 95% interval; null when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Test">How p was found: "McNemar exact", "paired bootstrap", "paired bootstrap over subjects"; null where nothing was tested.</param>
/// <param name="P">Two-sided p; null where nothing was tested.</param>
/// <param name="MidP">McNemar's mid-p, less conservative; null for other tests.</param>
/// <param name="AdjustedP">P after Holm over the whole family.</param>
/// <param name="Verdict">What may be said.</param>
/// <param name="Sentence">The same in plain words.</param>
public sealed record MeasureDifference(
    string Measure, string Earlier, string Later, int N, double? Difference, double? Low, double? High, string? Test, double? P, double? MidP, double? AdjustedP,
    Verdict Verdict, string Sentence)
{
    /// <summary>Samples for which a rate holds with the earlier model only (McNemar's b); null where the measure is no rate of single answers or nothing was tested.</summary>
    public int? OnlyEarlier { get; init; }

    /// <summary>Samples for which it holds with the later model only (c).</summary>
    public int? OnlyLater { get; init; }

    /// <summary>The level of every test and interval.</summary>
    public const double Level = 0.05;

    /// <summary>Below this many samples nothing is tested and no interval is given.</summary>
    public const int FewestSamples = 20;

    /// <summary>Judges and words a difference once the p values of the whole family are adjusted.</summary>
    internal MeasureDifference Judged(ComparisonMeasure measure, double? adjustedP, int family)
    {
        var judged = this with { AdjustedP = adjustedP, Verdict = Judge(measure, adjustedP) };
        return judged with { Sentence = judged.Word(measure, family) };
    }

    private Verdict Judge(ComparisonMeasure measure, double? adjustedP)
    {
        if (Difference is null) return Verdict.NotDefined;
        if (measure.Direction == Direction.Descriptive) return Verdict.Described;
        if (N < FewestSamples || P is null || Low is null) return Verdict.TooFew;
        var excludesZero = Low > 0 || High < 0;
        // Mid-p is the less cautious of two accepted tests: where only it is small, people should see that the tests disagree.
        if (!excludesZero && (MidP ?? P) > Level) return Verdict.NotEstablished;
        return excludesZero && adjustedP <= Level ? Verdict.Established : Verdict.Borderline;
    }

    private string Word(ComparisonMeasure measure, int family) => Verdict switch
    {
        Verdict.NotDefined => $"{measure.Name} cannot be compared: {measure.WhyNot}.",
        Verdict.TooFew => string.Create(CultureInfo.InvariantCulture, $"Too few samples to compare (n = {N}; at least {FewestSamples} are needed)."),
        Verdict.Described => $"{Later} has {Amount(measure, Difference!.Value)} {(Difference >= 0 ? "more" : "less")} than {Earlier}; this alone is neither good nor bad.",
        Verdict.Established => $"{Better(measure)} is better: {measure.Name} of {Later} is {Amount(measure, Difference!.Value)} {(Difference > 0 ? "higher" : "lower")} than of {Earlier} ({Range(measure)}).",
        Verdict.Borderline => $"Borderline, not established: {Range(measure)}, {Shown("p", P!.Value)}{(MidP is { } mid ? $", {Shown("mid-p", mid)}" : "")}" +
            (AdjustedP > P ? string.Create(CultureInfo.InvariantCulture, $", {Shown("adjusted p", AdjustedP.Value)} over {family} comparisons.") : "."),
        _ => $"The difference is not established: {Range(measure)} includes 0.",
    };

    private string Better(ComparisonMeasure measure) => Difference > 0 == (measure.Direction == Direction.HigherIsBetter) ? Later : Earlier;

    private string Range(ComparisonMeasure measure) => string.Create(CultureInfo.InvariantCulture,
        $"95% interval {Scaled(measure, Low!.Value):+0.0##;−0.0##;0.0} to {Scaled(measure, High!.Value):+0.0##;−0.0##;0.0}{(measure.IsShare ? " points" : "")}");

    private static string Amount(ComparisonMeasure measure, double difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(Scaled(measure, difference)):0.0##}{(measure.IsShare ? " points" : "")}");

    private static double Scaled(ComparisonMeasure measure, double value) => measure.IsShare ? Math.Round(100 * value, 1) : Math.Round(value, 3);

    private static string Shown(string name, double p) => p < 0.001 ? $"{name} < 0.001" : string.Create(CultureInfo.InvariantCulture, $"{name} = {p:0.000}");
}

/// <summary>One measure of every model.</summary>
/// <param name="Id">Of the measure.</param>
/// <param name="Name">What people read.</param>
/// <param name="Direction">Which way is good.</param>
/// <param name="IsShare">Whether it lies between 0 and 1.</param>
/// <param name="Values">One per model, in order, with 95% intervals; null where it is not defined.</param>
/// <param name="N">Samples behind each.</param>
/// <param name="WhyNot">Why it is not defined; null when it is.</param>
public sealed record ComparedMeasure(string Id, string Name, Direction Direction, bool IsShare, IReadOnlyList<Estimate?> Values, IReadOnlyList<int> N, string? WhyNot);
