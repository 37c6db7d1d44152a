namespace FacialR1.Training.Reports;

/// <summary>In which order a report walks over the face.</summary>
internal enum ReportOrder { TopDown, MouthFirst, Free }

/// <summary>What the opening words of a report fix for all that follows: the order of the units and the rhythm of the sentences.</summary>
/// <remarks>
/// The rhythm gives the separator after the first, second … unit of a sentence and knows nothing of how many units are still to come. A model that has
/// read the opening therefore always knows the separator, and "this was the last unit" is one clean choice between it and a full stop.
/// </remarks>
/// <param name="Opening">The first words, different for every plan.</param>
/// <param name="Separators">One per position inside a sentence; a sentence holds one unit more than this.</param>
/// <param name="LastSeparator">Used in the last sentence allowed, beyond the end of <paramref name="Separators"/>.</param>
internal sealed record ReportPlan(ReportOrder Order, string Opening, string[] Separators, string LastSeparator)
{
    /// <summary>Sentences about units; the conclusion comes after them.</summary>
    public const int MaxSentences = 3;

    public static IReadOnlyList<ReportPlan> TopDown { get; } = WithRhythms(ReportOrder.TopDown,
        "From the brows down, ", "From the top of the face down, ", "From brow to chin, ", "From the top down: ");

    public static IReadOnlyList<ReportPlan> MouthFirst { get; } = WithRhythms(ReportOrder.MouthFirst,
        "Starting at the mouth, ", "Starting with the lower face, ", "Starting from the mouth up, ", "Starting around the mouth: ");

    public static IReadOnlyList<ReportPlan> Free { get; } = WithRhythms(ReportOrder.Free,
        "Across the face, ", "Across the whole face, ", "Across all regions, ", "Across the face as a whole: ");

    /// <summary>How many units the sentence at this position (0-based) may hold.</summary>
    public int Capacity(int sentence) => sentence == MaxSentences - 1 ? int.MaxValue : Separators.Length == 0 ? int.MaxValue : Separators.Length + 1;

    /// <summary>What stands between the unit at this position (0-based) and the next of the same sentence.</summary>
    public string SeparatorAfter(int position) => position < Separators.Length ? Separators[position] : LastSeparator;

    private static ReportPlan[] WithRhythms(ReportOrder order, string pairs, string whileAnd, string andWhile, string list) =>
    [
        new(order, pairs, [" and "], ", and "),
        new(order, whileAnd, [", while ", " and "], ", and "),
        new(order, andWhile, [" and ", ", while "], ", and "),
        new(order, list, [], "; "),
    ];
}
