namespace FacialR1.Analysis.Reasoning;

/// <summary>One place where a text names an action unit by number.</summary>
/// <param name="Start">Index of the first character: of "AU6" for the first number of a list, of the bare number for the others ("AU6+12").</param>
/// <param name="Length">Characters up to the last digit.</param>
/// <param name="Number">The number written; <see cref="int.MaxValue"/> when it does not fit.</param>
/// <param name="IsKnown">Whether the project knows a unit of this number.</param>
public readonly record struct ActionUnitMention(int Start, int Length, int Number, bool IsKnown)
{
    /// <summary>Where it stands in the text.</summary>
    public TextSpan Span => new(Start, Length);
}
