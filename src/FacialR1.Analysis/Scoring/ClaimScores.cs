namespace FacialR1.Analysis.Scoring;

/// <summary>Precision and recall over atomic claims of a text.</summary>
/// <param name="Supported">Claims that hold.</param>
/// <param name="Contradicted">Claims that do not.</param>
/// <param name="Unverifiable">Claims nobody can check with this data; they count neither way.</param>
/// <param name="ReferenceFound">Claims of the reference that the text makes.</param>
/// <param name="Reference">All claims of the reference.</param>
public readonly record struct ClaimScores(int Supported, int Contradicted, int Unverifiable, int ReferenceFound, int Reference)
{
    /// <summary>Supported / (supported + contradicted); null when nothing could be checked.</summary>
    public double? Precision => Ratio(Supported, Supported + Contradicted);

    /// <summary>Reference claims found / all; null without a reference.</summary>
    public double? Recall => Ratio(ReferenceFound, Reference);

    /// <summary>2PR / (P + R); 0 when both are 0; null when either is not defined.</summary>
    public double? F1 => Precision is { } p && Recall is { } r ? (p + r == 0 ? 0 : 2 * p * r / (p + r)) : null;

    /// <summary>Unverifiable / all claims; null without claims.</summary>
    public double? UnverifiableShare => Ratio(Unverifiable, Supported + Contradicted + Unverifiable);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
