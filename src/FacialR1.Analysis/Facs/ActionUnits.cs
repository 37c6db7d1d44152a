using System.Collections.Frozen;

namespace FacialR1.Analysis.Facs;

/// <summary>The action units the project knows.</summary>
/// <remarks>
/// Names and muscles follow published FACS tables (PMC7264164; Molecular Autism 2021); the regions, descriptions and phrases are ours.
/// AU13 is the sharp lip puller; some published prompts call it cheek puffer, which is AU34.
/// </remarks>
public static class ActionUnits
{
    /// <summary>Every known unit, by number.</summary>
    public static IReadOnlyList<ActionUnit> All { get; } =
    [
        new(1, "inner brow raiser", FaceRegion.Brow, "the inner ends of the eyebrows go up",
            ["frontalis (medial)"], ["inner eyebrows raised", "inner brow raising", "raised inner brows"]),
        new(2, "outer brow raiser", FaceRegion.Brow, "the outer ends of the eyebrows go up",
            ["frontalis (lateral)"], ["outer eyebrows raised", "outer brow raising", "raised outer brows"]),
        new(4, "brow lowerer", FaceRegion.Brow, "the eyebrows are pulled down and together",
            ["corrugator supercilii", "depressor supercilii", "depressor glabellae"], ["brows drawn together", "furrowed brow", "frown lines", "lowered brows"]),
        new(5, "upper lid raiser", FaceRegion.Eye, "the upper eyelids go up and the eyes look wide",
            ["levator palpebrae superioris", "superior tarsal"], ["widened eyes", "raised upper eyelids"]),
        new(6, "cheek raiser", FaceRegion.Cheek, "the cheeks go up and gather skin below the eyes",
            ["orbicularis oculi (orbital)"], ["raised cheeks", "crow's feet"]),
        new(7, "lid tightener", FaceRegion.Eye, "the eyelids tighten and the eyes look narrow",
            ["orbicularis oculi (palpebral)"], ["tightened eyelids", "narrowed eyes"]),
        new(8, "lips toward each other", FaceRegion.Lips, "the lips move toward each other while the jaw stays lowered",
            ["orbicularis oris"], []),
        new(9, "nose wrinkler", FaceRegion.Nose, "the sides and the bridge of the nose wrinkle",
            ["levator labii superioris alaeque nasi"], ["wrinkled nose"]),
        new(10, "upper lip raiser", FaceRegion.UpperLip, "the upper lip is pulled up",
            ["levator labii superioris"], ["raised upper lip"]),
        new(11, "nasolabial deepener", FaceRegion.Cheek, "the fold between nose and lip corner deepens",
            ["zygomaticus minor"], ["deepened nasolabial folds"]),
        new(12, "lip corner puller", FaceRegion.LipCorner, "the lip corners are pulled back and up",
            ["zygomaticus major"], ["lip corners pulled up", "smile"]),
        new(13, "sharp lip puller", FaceRegion.LipCorner, "the lip corners are pulled sharply upward and the cheeks bulge",
            ["levator anguli oris"], []),
        new(14, "dimpler", FaceRegion.LipCorner, "the lip corners tighten inward and dimples form",
            ["buccinator"], ["dimples"]),
        new(15, "lip corner depressor", FaceRegion.LipCorner, "the lip corners are pulled down",
            ["depressor anguli oris"], ["downturned mouth corners", "lip corners pulled down"]),
        new(16, "lower lip depressor", FaceRegion.LowerLip, "the lower lip is pulled down",
            ["depressor labii inferioris"], ["lowered lower lip"]),
        new(17, "chin raiser", FaceRegion.Chin, "the chin is pushed up and its skin bunches",
            ["mentalis"], ["raised chin", "chin bunching"]),
        new(18, "lip pucker", FaceRegion.Lips, "the lips are drawn together and pushed forward",
            ["incisivii labii superioris", "incisivii labii inferioris"], ["puckered lips"]),
        new(19, "tongue show", FaceRegion.Tongue, "the tongue can be seen",
            [], ["visible tongue"]),
        new(20, "lip stretcher", FaceRegion.LipCorner, "the lips are stretched toward the sides",
            ["risorius", "platysma"], ["lips stretched sideways"]),
        new(21, "neck tightener", FaceRegion.Neck, "the skin of the neck tightens",
            ["platysma"], []),
        new(22, "lip funneler", FaceRegion.Lips, "the lips form a funnel and turn outward",
            ["orbicularis oris"], ["funneled lips"]),
        new(23, "lip tightener", FaceRegion.Lips, "the lips tighten and look thin",
            ["orbicularis oris"], ["tightened lips"]),
        new(24, "lip pressor", FaceRegion.Lips, "the lips are pressed against each other",
            ["orbicularis oris"], ["pressed lips"]),
        new(25, "lips part", FaceRegion.Lips, "the lips move apart",
            ["depressor labii inferioris", "mentalis (relaxed)", "orbicularis oris (relaxed)"], ["parted lips"]),
        new(26, "jaw drop", FaceRegion.Jaw, "the relaxed jaw drops",
            ["masseter", "temporalis (relaxed)", "internal pterygoid (relaxed)"], ["dropped jaw"]),
        new(27, "mouth stretch", FaceRegion.Jaw, "the jaw is pulled far down and the mouth is stretched open",
            ["pterygoids", "digastric"], ["mouth stretched open"]),
        new(28, "lip suck", FaceRegion.Lips, "the lips are drawn in over the teeth",
            ["orbicularis oris"], ["sucked-in lips"]),
        new(29, "jaw thrust", FaceRegion.Jaw, "the jaw is pushed forward",
            ["pterygoids"], ["jaw pushed forward"]),
        new(30, "jaw sideways", FaceRegion.Jaw, "the jaw is moved to one side",
            ["pterygoids"], ["jaw moved sideways"]),
        new(31, "jaw clencher", FaceRegion.Jaw, "the jaw muscles are clenched",
            ["masseter"], ["clenched jaw"]),
        new(32, "lip bite", FaceRegion.Lips, "the teeth bite a lip",
            [], ["bitten lip"]),
        new(33, "cheek blow", FaceRegion.Cheek, "air blown out swells the cheeks",
            [], []),
        new(34, "cheek puff", FaceRegion.Cheek, "the cheeks are puffed up with the lips closed",
            [], ["puffed cheeks"]),
        new(35, "cheek suck", FaceRegion.Cheek, "the cheeks are drawn in",
            [], ["sucked-in cheeks"]),
        new(36, "tongue bulge", FaceRegion.Tongue, "the tongue bulges a cheek or lip",
            [], []),
        new(37, "lip wipe", FaceRegion.Tongue, "the tongue wipes the lips",
            [], []),
        new(38, "nostril dilator", FaceRegion.Nose, "the nostrils widen",
            ["nasalis (alar)"], ["flared nostrils"]),
        new(39, "nostril compressor", FaceRegion.Nose, "the nostrils narrow",
            ["nasalis (transverse)", "depressor septi nasi"], ["compressed nostrils"]),
        new(43, "eyes closed", FaceRegion.Eye, "the eyes are closed",
            ["levator palpebrae superioris (relaxed)", "orbicularis oculi (palpebral)"], ["closed eyes"]),
        new(45, "blink", FaceRegion.Eye, "the eyes close and open again at once",
            ["levator palpebrae superioris (relaxed)", "orbicularis oculi (palpebral)"], []),
        new(46, "wink", FaceRegion.Eye, "one eye closes on purpose",
            ["orbicularis oculi (palpebral)"], ["wink"]),
    ];

    private static readonly FrozenDictionary<int, ActionUnit> ByNumber = All.ToFrozenDictionary(unit => unit.Number);

    /// <summary>The 30 units that the full prompt defines, by number.</summary>
    public static IReadOnlyList<ActionUnit> Prompt { get; } =
    [
        .. All.Where(unit => unit.Number is 1 or 2 or (>= 4 and <= 7) or (>= 9 and <= 20) or (>= 22 and <= 32) or 43),
    ];

    /// <summary>The 15 units that the fer-au photos are labelled with and the Mini models write about, by number.</summary>
    public static IReadOnlyList<int> FerAu { get; } = [1, 2, 4, 5, 6, 7, 10, 12, 15, 17, 18, 20, 25, 26, 43];

    /// <summary>Finds a unit by its number.</summary>
    public static bool TryGet(int number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ActionUnit? unit) => ByNumber.TryGetValue(number, out unit);

    /// <summary>Whether FACS has a unit of this number that the project knows.</summary>
    public static bool IsKnown(int number) => ByNumber.ContainsKey(number);
}
