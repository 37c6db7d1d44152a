using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>A measured value and its 95% interval.</summary>
/// <param name="Value">The measure over all samples.</param>
/// <param name="Low">Lower end; null when no interval could be computed.</param>
/// <param name="High">Upper end; null when no interval could be computed.</param>
public sealed record Estimate(double Value, double? Low, double? High)
{
    /// <summary>Null when the measure is not defined.</summary>
    internal static Estimate? Of(double? value, Interval? interval) => value is { } defined ? new Estimate(defined, interval?.Low, interval?.High) : null;
}

/// <summary>How well one action unit is recognised.</summary>
/// <param name="F1">Null when it is neither true nor claimed anywhere.</param>
/// <param name="Low">Lower end of the 95% interval; null like <paramref name="F1"/>.</param>
/// <param name="High">Upper end; null like <paramref name="F1"/>.</param>
/// <param name="Support">Samples in which it is true.</param>
/// <param name="Predicted">Samples in which it was claimed.</param>
public sealed record ActionUnitEstimate(double? F1, double? Low, double? High, int Support, int Predicted);
