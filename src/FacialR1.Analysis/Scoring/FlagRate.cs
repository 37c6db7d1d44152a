using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>How often a flag holds among the responses for which it is defined (reasoning–answer consistency, section 3.3).</summary>
/// <param name="Holds">Responses for which it holds.</param>
/// <param name="Defined">Responses for which it is defined.</param>
/// <param name="Undefined">The others; shown beside the rate.</param>
public readonly record struct FlagRate(int Holds, int Defined, int Undefined)
{
    /// <summary>Holds / defined; null when it is defined nowhere.</summary>
    public double? Value => Defined == 0 ? null : (double)Holds / Defined;

    /// <summary>Wilson interval, 95%; null when it is defined nowhere.</summary>
    public Interval? Interval => Wilson.Interval(Holds, Defined);

    /// <summary>Counts flags; null means "not defined for this response".</summary>
    public static FlagRate Of(IEnumerable<bool?> flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        var (holds, defined, undefined) = (0, 0, 0);
        foreach (var flag in flags)
        {
            if (flag is null) undefined++;
            else (holds, defined) = (holds + (flag.Value ? 1 : 0), defined + 1);
        }
        return new FlagRate(holds, defined, undefined);
    }
}
