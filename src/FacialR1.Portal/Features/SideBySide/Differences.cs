using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.SideBySide;

/// <summary>What one text says about one unit: the polarity and verdict of its first asserted claim, or of its first when it asserts none.</summary>
public sealed record SaidOfUnit(ClaimPolarity Polarity, Verdict Verdict)
{
    /// <summary>Null when the text says nothing about the unit, or is not there yet.</summary>
    public static SaidOfUnit? In(ReasoningCheck? check, int unit)
    {
        var claims = check?.Claims.Where(claim => claim.Claim.ActionUnit == unit).ToArray() ?? [];
        if (claims.Length == 0) return null;
        var first = claims.FirstOrDefault(claim => claim.Claim.Polarity == ClaimPolarity.Asserted) ?? claims[0];
        return new SaidOfUnit(first.Claim.Polarity, first.Verdict);
    }
}

/// <summary>One unit over several texts.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Said">One entry per text; null where it says nothing.</param>
public sealed record UnitDifference(int Unit, IReadOnlyList<SaidOfUnit?> Said)
{
    /// <summary>At least two texts say different things, or one is silent.</summary>
    public bool Differs => Said.Distinct().Count() > 1;

    /// <summary>Every unit that any of the texts names, ascending.</summary>
    public static IReadOnlyList<UnitDifference> Of(IReadOnlyList<ReasoningCheck?> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var units = checks.SelectMany(check => check?.Claims.Select(claim => claim.Claim.ActionUnit) ?? []).Distinct().Order();
        return [.. units.Select(unit => new UnitDifference(unit, [.. checks.Select(check => SaidOfUnit.In(check, unit))]))];
    }
}
