using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Verification;

/// <summary>What the evidence says about a claim.</summary>
public enum Verdict { Supported, Contradicted, Unverifiable }

/// <summary>A claim with its verdict.</summary>
/// <param name="Claim">What was said.</param>
/// <param name="Verdict">
/// Asserted and hedged claims are supported when the unit is present; negated ones when it is absent. Without a decided unit: unverifiable.
/// </param>
/// <param name="Evidence">What is known of the unit; null when nothing is.</param>
/// <param name="WeightForAnswer">PMI of the unit for the answer in nats: above 0 support, below 0 conflict; null for claims that do not assert and units without weight.</param>
public sealed record CheckedClaim(ActionUnitClaim Claim, Verdict Verdict, UnitEvidence? Evidence, double? WeightForAnswer)
{
    /// <summary>Whether it counts in rates: asserted, and the evidence decides.</summary>
    public bool Counts => Claim.Polarity == ClaimPolarity.Asserted && Verdict != Verdict.Unverifiable;

    /// <summary>Asserted, and not there.</summary>
    public bool IsHallucinated => Claim.Polarity == ClaimPolarity.Asserted && Verdict == Verdict.Contradicted;
}

/// <summary>How answer and reasons turned out (measure 3.3c). Without labels for both there is none.</summary>
public enum ReasoningOutcome
{
    /// <summary>The label is right and the asserted units are exactly the true ones.</summary>
    RightForTheRightReasons,

    /// <summary>The label is right and at least one asserted unit is not there.</summary>
    RightForTheWrongReasons,

    /// <summary>The label is right, all that was asserted is there, and something was left out.</summary>
    RightWithReasonsMissing,

    /// <summary>The label is wrong although the asserted units are exactly the true ones.</summary>
    WrongDespiteTheRightReasons,

    /// <summary>The label is wrong and at least one asserted unit is not there.</summary>
    WrongForTheWrongReasons,

    /// <summary>The label is wrong, all that was asserted is there, and something was left out.</summary>
    WrongWithReasonsMissing,
}
