using System.Globalization;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Results as the pages write them, and links between them.</summary>
public static class ResultText
{
    public const string Address = "/benchmarks", CompareAddress = "/compare";

    public static string ResultLink(string id) => $"{Address}/{Uri.EscapeDataString(id)}";

    public static string CompareLink(IEnumerable<string> ids) => $"{CompareAddress}?{string.Join('&', ids.Select(id => $"of={Uri.EscapeDataString(id)}"))}";

    /// <summary>"0.607", "–" when it is not defined.</summary>
    public static string Value(double? value) => value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>"0.589 – 0.626"; empty without an interval.</summary>
    public static string Interval(Estimate? estimate) => estimate is { Low: { } low, High: { } high } ? FormattableString.Invariant($"{low:0.000} – {high:0.000}") : "";

    /// <summary>"+0.033".</summary>
    public static string Change(double? value) => value is { } number ? number.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture) : "–";

    public static string P(double? p) => p switch { null => "–", < 0.001 => "< 0.001", _ => p.Value.ToString("0.000", CultureInfo.InvariantCulture) };

    public static string Words(SampleChange change) => change switch
    {
        SampleChange.Fixed => "fixed",
        SampleChange.Broken => "broken",
        SampleChange.BothRight => "right in both",
        SampleChange.BothWrong => "wrong in both",
        SampleChange.Disagree => "answers differ",
        SampleChange.ReasoningChanged => "other AUs named",
        _ => "all",
    };

    public static string Words(UnitChange change) => change switch
    {
        UnitChange.Gained => "gained",
        UnitChange.Lost => "lost",
        UnitChange.NewlyHallucinated => "newly hallucinated",
        UnitChange.Corrected => "corrected",
        UnitChange.KeptRight => "named rightly by both",
        _ => "hallucinated by both",
    };

    /// <summary>A class for the look of a difference: good, bad, borderline or nothing.</summary>
    public static string ClassOf(MeasureDifference difference, Direction direction) => difference.Verdict == Verdict.Borderline ? "change-borderline" :
        difference.Verdict != Verdict.Established || direction == Direction.Descriptive ? "change-open" : difference.Difference > 0 == (direction == Direction.HigherIsBetter) ? "change-better" : "change-worse";
}
