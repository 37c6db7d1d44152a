namespace FacialR1.Training.Reports;

/// <summary>The last sentence of a report: how the movements lead to one emotion. <c>{0}</c> is the noun.</summary>
/// <remarks>
/// Several units: four openings of equal chance with three continuations each, matched by the four openings of a further sentence
/// (<see cref="Connectives"/>), so that neither "one more" nor "done" is favoured by how its words split.
/// </remarks>
internal static class Conclusions
{
    /// <summary>How a further sentence about units begins.</summary>
    public static IReadOnlyList<string> Connectives { get; } = ["Then ", "Next, ", "Also, ", "Further, "];

    /// <summary>After two or more units.</summary>
    public static IReadOnlyList<string> AfterSeveral { get; } =
    [
        "Together these movements point to {0}.",
        "Together these movements form one clear pattern that reads as {0}.",
        "Together these movements lead to a single emotion: {0}.",
        "Overall, the movements fit one emotion best: {0}.",
        "Overall, this combination of movements reads as {0}.",
        "Overall, the pattern of these movements points to {0}.",
        "Combined, these movements are best named {0}.",
        "Combined, these movements give one clear picture, and it is {0}.",
        "Combined, these movements support one answer: {0}.",
        "Taken as one, these movements belong to {0}.",
        "Taken as one, these movements make the emotion clear: {0}.",
        "Taken as one, these movements agree on a single emotion: {0}.",
    ];

    /// <summary>After one unit, and after the sentence about the face at rest.</summary>
    public static IReadOnlyList<string> AfterOneOrNone { get; } =
    [
        "This points to {0}.",
        "This forms one clear picture that reads as {0}.",
        "This leads to a single emotion: {0}.",
        "Overall, the face fits one emotion best: {0}.",
        "Overall, this picture reads as {0}.",
        "Overall, the pattern of the face points to {0}.",
        "By itself, this is best named {0}.",
        "By itself, this gives one clear picture, and it is {0}.",
        "By itself, this supports one answer: {0}.",
        "Taken as one, the face belongs to {0}.",
        "Taken as one, the face makes the emotion clear: {0}.",
        "Taken as one, the face shows a single emotion: {0}.",
    ];

    /// <summary>What is said of a face that shows none of the units.</summary>
    public static IReadOnlyList<string> AtRest { get; } =
    [
        "the face rests in its relaxed position, with brows, eyes and mouth in their usual place",
        "the face rests in its relaxed position, and brows, cheeks and mouth are still",
        "the face stays at rest, and every feature keeps its relaxed shape",
        "the face stays still and keeps its relaxed position",
    ];
}
