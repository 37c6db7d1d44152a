namespace FacialR1.Analysis.Reasoning;

/// <summary>A part of the face as texts name it; finer than <see cref="Facs.FaceRegion"/>, because the same verb means another unit on another part.</summary>
internal enum Part
{
    InnerBrows, OuterBrows, BothBrows, Brows, BetweenBrows, Forehead, UpperLids, LowerLids, Lids, Eyes, AroundEyes, UnderEyes, Sclera,
    Cheeks, Nose, Nostrils, NasolabialFolds, UpperLip, LowerLip, Lip, Lips, LipCorners, Mouth, Teeth, Tongue, Jaw, Chin, Neck,
}

/// <summary>What a part does, as verbs, participles and nouns tell it.</summary>
internal enum Motion
{
    Up, Down, Together, Furrow, Wide, Tight, Narrow, Wrinkle, Lines, Horizontal, Open, Press, Thin, Pucker, Forward, Funnel, Stretch, Sideways, Back, Inward, Outward,
    Closed, Deepen, Drop, Clench, Bite, Show, Flare, Puff, Bunch, Curl, Suck, Protrude, Shift,
}

/// <summary>Which units a movement of a part means. Sources: the FACS names and descriptions; the choices where everyday words are vague are ours.</summary>
/// <remarks>
/// Everyday "raised eyebrows" is AU1 and AU2; an open mouth is AU25 and leaves open how far the jaw went; pursed lips are AU18. What has no unit (relaxed, neutral,
/// closed lips, open eyes) is no claim.
/// </remarks>
internal static class Movement
{
    private static readonly Dictionary<(Part, Motion), int[]> Units = Build();

    /// <summary>Units meant; empty when the pair means none.</summary>
    public static IReadOnlyList<int> UnitsOf(Part part, Motion motion) => Units.TryGetValue((part, motion), out var units) ? units : [];

    public static bool IsKnown(Part part, Motion motion) => Units.ContainsKey((part, motion));

    private static Dictionary<(Part, Motion), int[]> Build()
    {
        var units = new Dictionary<(Part, Motion), int[]>();
        void Add(Part part, int[] numbers, params Motion[] motions)
        {
            foreach (var motion in motions) units.Add((part, motion), numbers);
        }

        Add(Part.InnerBrows, [1], Motion.Up, Motion.Curl);
        Add(Part.InnerBrows, [4], Motion.Down, Motion.Together, Motion.Furrow, Motion.Tight, Motion.Inward);
        Add(Part.OuterBrows, [2], Motion.Up, Motion.Curl);
        Add(Part.OuterBrows, [4], Motion.Down, Motion.Together, Motion.Furrow);
        Add(Part.BothBrows, [1, 2], Motion.Up);
        Add(Part.BothBrows, [4], Motion.Down, Motion.Together, Motion.Furrow);
        Add(Part.Brows, [1, 2], Motion.Up);
        Add(Part.Brows, [4], Motion.Down, Motion.Together, Motion.Furrow, Motion.Inward, Motion.Tight, Motion.Wrinkle, Motion.Press, Motion.Drop, Motion.Bunch);
        Add(Part.BetweenBrows, [4], Motion.Wrinkle, Motion.Lines, Motion.Furrow, Motion.Deepen, Motion.Tight, Motion.Bunch);
        Add(Part.Forehead, [4], Motion.Furrow);
        Add(Part.Forehead, [1, 2], Motion.Horizontal);
        Add(Part.UpperLids, [5], Motion.Up, Motion.Wide, Motion.Back);
        Add(Part.UpperLids, [7], Motion.Tight, Motion.Narrow);
        Add(Part.LowerLids, [7], Motion.Tight, Motion.Up, Motion.Narrow);
        Add(Part.Lids, [7], Motion.Tight, Motion.Narrow);
        Add(Part.Lids, [5], Motion.Up, Motion.Wide, Motion.Back);
        Add(Part.Lids, [43], Motion.Closed);
        Add(Part.Eyes, [5], Motion.Wide);
        Add(Part.Eyes, [7], Motion.Tight, Motion.Narrow);
        Add(Part.Eyes, [43], Motion.Closed);
        Add(Part.Eyes, [6], Motion.Wrinkle);
        Add(Part.AroundEyes, [6], Motion.Wrinkle, Motion.Lines, Motion.Bunch);
        Add(Part.AroundEyes, [7], Motion.Tight, Motion.Narrow);
        Add(Part.UnderEyes, [6], Motion.Wrinkle, Motion.Lines, Motion.Bunch, Motion.Up);
        Add(Part.Sclera, [5], Motion.Show);
        Add(Part.Cheeks, [6], Motion.Up, Motion.Bunch);
        Add(Part.Cheeks, [34], Motion.Puff);
        Add(Part.Cheeks, [35], Motion.Suck, Motion.Inward);
        Add(Part.Nose, [9], Motion.Wrinkle, Motion.Bunch);
        Add(Part.Nostrils, [38], Motion.Flare, Motion.Wide);
        Add(Part.Nostrils, [39], Motion.Narrow, Motion.Press, Motion.Tight);
        Add(Part.NasolabialFolds, [11], Motion.Deepen, Motion.Show);
        Add(Part.UpperLip, [10], Motion.Up, Motion.Curl);
        Add(Part.LowerLip, [16], Motion.Down, Motion.Drop);
        Add(Part.LowerLip, [17], Motion.Up);
        Add(Part.LowerLip, [32], Motion.Bite);
        Add(Part.Lip, [10], Motion.Curl);
        Add(Part.Lip, [32], Motion.Bite);
        foreach (var part in (Part[])[Part.Lip, Part.Lips])
        {
            Add(part, [25], Motion.Open);
            Add(part, [24], Motion.Press);
            Add(part, [23], Motion.Tight, Motion.Thin, Motion.Narrow);
            Add(part, [18], Motion.Pucker, Motion.Forward, Motion.Protrude);
            Add(part, [22], Motion.Funnel, Motion.Outward);
            Add(part, [20], Motion.Stretch, Motion.Sideways, Motion.Back);
            Add(part, [28], Motion.Suck, Motion.Inward);
            Add(part, [12], Motion.Up);
            Add(part, [15], Motion.Down);
        }

        Add(Part.Lips, [32], Motion.Bite);
        Add(Part.Lips, [12], Motion.Curl);
        Add(Part.LipCorners, [12], Motion.Up, Motion.Back, Motion.Curl);
        Add(Part.LipCorners, [15], Motion.Down, Motion.Drop);
        Add(Part.LipCorners, [20], Motion.Stretch, Motion.Sideways, Motion.Outward);
        Add(Part.LipCorners, [14], Motion.Tight, Motion.Inward, Motion.Press);
        Add(Part.Mouth, [25], Motion.Open);
        Add(Part.Mouth, [20], Motion.Stretch, Motion.Sideways, Motion.Wide);
        Add(Part.Mouth, [12], Motion.Up, Motion.Curl);
        Add(Part.Mouth, [15], Motion.Down);
        Add(Part.Mouth, [24], Motion.Press);
        Add(Part.Mouth, [23], Motion.Tight);
        Add(Part.Mouth, [18], Motion.Pucker);
        Add(Part.Teeth, [25], Motion.Show);
        Add(Part.Tongue, [19], Motion.Show, Motion.Protrude);
        Add(Part.Jaw, [26], Motion.Drop, Motion.Down, Motion.Open);
        Add(Part.Jaw, [31], Motion.Clench, Motion.Tight);
        Add(Part.Jaw, [29], Motion.Forward, Motion.Protrude);
        Add(Part.Jaw, [30], Motion.Sideways, Motion.Shift);
        Add(Part.Chin, [17], Motion.Up, Motion.Bunch, Motion.Wrinkle, Motion.Tight, Motion.Pucker);
        Add(Part.Neck, [21], Motion.Tight, Motion.Lines);
        return units;
    }
}
