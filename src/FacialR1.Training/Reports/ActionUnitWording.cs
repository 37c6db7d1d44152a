namespace FacialR1.Training.Reports;

/// <summary>How training reports word each action unit, and where in a report it stands.</summary>
/// <remarks>
/// All wordings of a unit open with the same words, and different units with different ones. Which unit comes next is then one decision of the
/// model and how to word it a later one; if every wording opened differently, a likely unit would split its probability over them and lose against
/// an unlikely one. For the same reason no wording claims more than its unit: an open mouth would be two of them.
/// </remarks>
internal static class ActionUnitWording
{
    /// <summary>From the brows down to the chin.</summary>
    public static IReadOnlyList<int> TopDown { get; } =
        [1, 2, 4, 5, 7, 43, 6, 9, 11, 10, 12, 13, 14, 15, 20, 18, 22, 23, 24, 28, 32, 16, 19, 25, 26, 27, 29, 30, 31, 17];

    /// <summary>The mouth, jaw and chin first, then from the nose up to the brows.</summary>
    public static IReadOnlyList<int> MouthFirst { get; } =
        [10, 12, 13, 14, 15, 20, 18, 22, 23, 24, 28, 32, 16, 19, 25, 26, 27, 29, 30, 31, 17, 9, 11, 6, 5, 7, 43, 1, 2, 4];

    private static readonly Dictionary<int, (string Subject, string[] Predicates)> Wordings = new()
    {
        [1] = ("the inner brows", ["are raised", "rise", "lift upward", "are drawn up"]),
        [2] = ("the outer brows", ["are raised", "rise", "lift upward", "are arched"]),
        [4] = ("the brows", ["are lowered", "are drawn together", "are pulled down", "press down in a frown"]),
        [5] = ("the upper eyelids", ["are raised", "rise and widen the eyes", "lift and show more of the eyes"]),
        [7] = ("the eyelids", ["are tight", "tighten", "are tightened", "narrow the eyes"]),
        [43] = ("the eyes", ["are closed", "are shut", "rest closed"]),
        [6] = ("the cheeks", ["are raised", "rise", "lift upward", "push up below the eyes"]),
        [9] = ("the nose", ["is wrinkled", "wrinkles at its bridge"]),
        [11] = ("the nasolabial folds", ["deepen", "are deepened"]),
        [10] = ("the upper lip", ["is raised", "rises", "lifts upward", "is pulled up"]),
        [12] = ("the lip corners", ["are pulled up", "rise", "turn upward", "are drawn back and up"]),
        [13] = ("a sharp pull", ["lifts the corners of the lips"]),
        [14] = ("dimples", ["form beside the mouth"]),
        [15] = ("the mouth corners", ["are pulled down", "turn downward", "sink", "are drawn down"]),
        [20] = ("a sideways stretch", ["widens the mouth", "draws the lips to both sides", "pulls the mouth to the sides"]),
        [18] = ("a pucker", ["rounds the lips", "pushes the lips forward", "draws the lips together"]),
        [22] = ("a funnel shape", ["turns the lips outward"]),
        [23] = ("the lip edges", ["are tightened", "tighten"]),
        [24] = ("pressure", ["holds the lips together"]),
        [28] = ("the red of the lips", ["is drawn in over the teeth"]),
        [32] = ("the teeth", ["bite the lip"]),
        [16] = ("the lower lip", ["is pulled down", "is lowered"]),
        [19] = ("the tongue", ["shows", "is visible"]),
        [25] = ("the lips", ["are parted", "part", "are apart", "stand apart"]),
        [26] = ("the jaw", ["drops", "is dropped", "is lowered", "hangs down"]),
        [27] = ("a wide stretch", ["opens the mouth"]),
        [29] = ("the jawline", ["is pushed forward"]),
        [30] = ("a shift", ["moves the jaw to one side"]),
        [31] = ("clenched muscles", ["set the jaw"]),
        [17] = ("the chin", ["is raised", "pushes up", "bunches up", "is pushed upward"]),
    };

    /// <summary>Whether reports can speak about this unit: the 30 units of the full prompt.</summary>
    public static bool Covers(int number) => Wordings.ContainsKey(number);

    /// <summary>The words every wording of the unit opens with.</summary>
    public static string Subject(int number) => Wordings[number].Subject;

    /// <summary>What may follow the subject.</summary>
    public static IReadOnlyList<string> Predicates(int number) => Wordings[number].Predicates;
}
