namespace FacialR1.Analysis.Reasoning;

/// <summary>How a claim is meant. Only asserted claims count in rates.</summary>
public enum ClaimPolarity
{
    /// <summary>"The cheeks are raised." Words such as "appears" and "looks" describe a picture and assert.</summary>
    Asserted,

    /// <summary>"The cheeks are not raised": the writer says that the movement is absent.</summary>
    Negated,

    /// <summary>"The cheeks may be raised", "fear usually involves AU5": said without committing this face to it.</summary>
    Hedged,
}

/// <summary>Which side of the face a claim names, as written: nothing is mirrored.</summary>
public enum FaceSide { Unstated, Left, Right, OneSide, Both }

/// <summary>The five steps of FACS intensity; words are mapped to the nearest step.</summary>
public enum ClaimIntensity
{
    /// <summary>A: "a trace", "barely".</summary>
    Trace = 1,

    /// <summary>B: "slightly", "subtle".</summary>
    Slight,

    /// <summary>C: "marked", "pronounced".</summary>
    Marked,

    /// <summary>D: "strongly", "extremely".</summary>
    Severe,

    /// <summary>E: "maximally".</summary>
    Maximum,
}

/// <summary>One statement of a text about one action unit: a code, a description in words, or a description with its code.</summary>
/// <param name="Index">Position among the claims of the text, from 0.</param>
/// <param name="Sentence">Position of its sentence in <see cref="ReasoningClaims.Sentences"/>.</param>
/// <param name="Span">All of it: the words, the code, or from one to the other.</param>
/// <param name="ActionUnit">The number; <see cref="int.MaxValue"/> when a written number does not fit.</param>
/// <param name="Polarity">Asserted, negated or hedged.</param>
/// <param name="Side">The side named.</param>
/// <param name="Intensity">The intensity named; null when none is.</param>
/// <param name="Code">Where the number is written; null for a description without code.</param>
/// <param name="Words">Where the movement is described; null for a bare code.</param>
/// <param name="WordsMean">When words and code disagree ("the brows are raised (AU4)"): what the words mean. The code is what counts.</param>
public sealed record ActionUnitClaim(
    int Index, int Sentence, TextSpan Span, int ActionUnit, ClaimPolarity Polarity, FaceSide Side, ClaimIntensity? Intensity,
    TextSpan? Code, TextSpan? Words, IReadOnlyList<int> WordsMean)
{
    /// <summary>Whether FACS has a unit of this number.</summary>
    public bool IsKnown => Facs.ActionUnits.IsKnown(ActionUnit);

    /// <summary>The words describe another movement than the code beside them.</summary>
    public bool WordsDisagree => WordsMean.Count > 0;
}
