using System.Collections.Frozen;

namespace FacialR1.Analysis.Reasoning;

/// <summary>The words for parts of the face and for what they do, in every form that texts use.</summary>
internal static class MovementWords
{
    private static readonly FrozenDictionary<string, Motion> Motions = new (Motion Motion, string Words)[]
    {
        (Motion.Up, "raise raises raised raising raiser lift lifts lifted lifting elevate elevates elevated elevating elevation up upward upwards uplifted upturned upturn rise rises risen rising rose " +
            "arch arched arches arching hiked heightened high"),
        (Motion.Down, "lowered lowers lowering lowerer down downward downwards downturned downturn droop droops drooped drooping droopy sag sags sagging sink sinks sunk sunken sinking depress depresses " +
            "depressed depressing depressor fall falls fallen falling dip dips dipped dipping descend descends descended"),
        (Motion.Drop, "drop drops dropped dropping hang hangs hanging slack slackened slackens unhinged"),
        (Motion.Together, "together knit knits knitted knitting knotted converge converged converging contracted contract contracts pinched pinch"),
        (Motion.Furrow, "furrow furrows furrowed furrowing knitting creased scrunching frowning frowned"),
        (Motion.Inward, "inward inwards in"),
        (Motion.Outward, "outward outwards"),
        (Motion.Wide, "wide widen widens widened widening wider widely enlarged enlarge bulging"),
        (Motion.Tight, "tight tightener tighten tightens tightened tightening tightness tense tenses tensed tensing tension taut strained"),
        (Motion.Narrow, "narrow narrows narrowed narrowing slitted slits narrower"),
        (Motion.Wrinkle, "wrinkle wrinkles wrinkled wrinkling wrinkler crinkle crinkles crinkled crinkling crinkly scrunch scrunches scrunched crinkles puckering dimpled pebbled"),
        (Motion.Lines, "line lines crease creases creasing fold folds cords tendons"),
        (Motion.Horizontal, "horizontal horizontally"),
        (Motion.Open, "part parts parted parting open opens opened opening apart separate separates separated separating agape ajar gape gapes gaping"),
        (Motion.Press, "pressor press presses pressed pressing pressure compress compressed compresses compressing compression clamped clamp clamps squeezed squeeze sealed"),
        (Motion.Thin, "thin thins thinned thinning thinner"),
        (Motion.Pucker, "pucker puckers puckered purse purses pursed pursing round rounds rounded rounding"),
        (Motion.Forward, "forward forwards thrust"),
        (Motion.Protrude, "protrude protrudes protruded protruding jut juts jutting jutted poke pokes poking out"),
        (Motion.Funnel, "funnel funnels funneled funnelled funneling funnelling funneler"),
        (Motion.Stretch, "stretch stretches stretched stretching stretcher"),
        (Motion.Sideways, "sideways sideward laterally lateral sides"),
        (Motion.Shift, "side"),
        (Motion.Back, "back backward backwards retracted retract retracts"),
        (Motion.Closed, "closed shut closes shuts closing close"),
        (Motion.Deepen, "deepen deepens deepened deepening deep deeper pronounced accentuated deepener"),
        (Motion.Clench, "clench clenched clenches clenching"),
        (Motion.Bite, "bite bites biting bitten"),
        (Motion.Show, "visible show shows showing shown seen exposed expose exposes exposing bare bares bared baring reveal reveals revealed revealing display displays displayed evident"),
        (Motion.Flare, "flare flares flared flaring dilated dilate dilates"),
        (Motion.Puff, "puff puffs puffed puffing inflated"),
        (Motion.Bunch, "bunch bunched bunches bunching gather gathers gathered gathering bulge bulges bulged"),
        (Motion.Curl, "puller curl curls curled curling curve curves curved curving"),
        (Motion.Suck, "suck sucks sucked sucking hollowed rolled roll rolling"),
    }
    .SelectMany(entry => entry.Words.Split(' ').Distinct().Select(word => (word, entry.Motion)))
    .DistinctBy(entry => entry.word)
    .ToFrozenDictionary(entry => entry.word, entry => entry.Motion);

    /// <summary>Words that stand for a whole movement by themselves.</summary>
    private static readonly FrozenDictionary<string, int> Alone = new (int Unit, string Words)[]
    {
        (12, "smile smiles smiled smiling grin grins grinned grinning beaming smirk smirks smirking"),
        (4, "frown frowns frowned frowning scowl scowls scowled scowling glower glowering"),
        (7, "squint squints squinted squinting squinty"),
        (14, "dimple dimples dimpling dimpler"),
        (46, "wink winks winked winking"),
        (45, "blink blinks blinked blinking"),
        (18, "pucker puckers"),
        (10, "sneer sneers sneered sneering"),
    }
    .SelectMany(entry => entry.Words.Split(' ').Select(word => (word, entry.Unit)))
    .ToFrozenDictionary(entry => entry.word, entry => entry.Unit);

    private static readonly FrozenSet<string> BrowWords = Set("brow brows eyebrow eyebrows");
    private static readonly FrozenSet<string> LidWords = Set("eyelid eyelids lid lids");
    private static readonly FrozenSet<string> EyeWords = Set("eye eyes");
    private static readonly FrozenSet<string> MouthWords = Set("mouth mouths lip lips");
    private static readonly FrozenSet<string> Ends = Set("corner corners end ends edge edges part parts portion portions tip tips side sides half halves section sections third thirds");
    private static readonly FrozenSet<string> Determiners = Set("the a an his her their its both this that these those each one either");

    public static bool TryMotion(string word, out Motion motion) => Motions.TryGetValue(word, out motion);

    public static bool TryAlone(string word, out int unit) => Alone.TryGetValue(word, out unit);

    public static bool IsDeterminer(string word) => Determiners.Contains(word);

    public static bool IsMouthPart(Part part) => part is Part.Mouth or Part.Lips or Part.Lip or Part.LipCorners or Part.UpperLip or Part.LowerLip;

    public static bool IsBrowPart(Part part) => part is Part.InnerBrows or Part.OuterBrows or Part.BothBrows or Part.Brows or Part.BetweenBrows or Part.Forehead;

    internal static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();

    /// <summary>Reads the name of a part that starts at a word.</summary>
    /// <param name="words">The sentence.</param>
    /// <param name="at">Where it would start.</param>
    /// <param name="last">The part named before in this sentence: "the corners" after "the mouth" are its corners.</param>
    /// <param name="part">The part.</param>
    /// <param name="length">Words it takes.</param>
    public static bool TryPart(IReadOnlyList<Word> words, int at, Part? last, out Part part, out int length)
    {
        string At(int offset) => at + offset < words.Count ? words[at + offset].Text : "";
        int Of(int offset) => At(offset) is "of" or "on" ? offset + 1 + (IsDeterminer(At(offset + 1)) ? 1 : 0) : -1;
        (part, length) = (default, 0);

        switch (At(0))
        {
            case "inner" or "medial" or "inside" when At(1) is "and" or "or" or "&" && At(2) is "outer" or "lateral" && BrowWords.Contains(At(3)): (part, length) = (Part.BothBrows, 4); break;
            case "outer" or "lateral" when At(1) is "and" or "or" or "&" && At(2) is "inner" or "medial" && BrowWords.Contains(At(3)): (part, length) = (Part.BothBrows, 4); break;
            case "inner" or "medial" or "inside" or "outer" or "lateral" or "outside":
            {
                var which = At(0) is "inner" or "medial" or "inside" ? Part.InnerBrows : Part.OuterBrows;
                if (BrowWords.Contains(At(1))) (part, length) = (which, Ends.Contains(At(2)) ? 3 : 2);
                else if (Ends.Contains(At(1)) && Of(2) is > 0 and var of && BrowWords.Contains(At(of))) (part, length) = (which, of + 1);
                else if (Ends.Contains(At(1)) && Of(2) is > 0 and var eye && EyeWords.Contains(At(eye))) (part, length) = (Part.AroundEyes, eye + 1);
                else if (Ends.Contains(At(1)) && last is { } before && IsBrowPart(before)) (part, length) = (which, 2);
                break;
            }

            case "upper" or "top" when At(1) is "and" && At(2) is "lower" && LidWords.Contains(At(3)): (part, length) = (Part.Lids, 4); break;
            case "upper" or "top" when LidWords.Contains(At(1)): (part, length) = (Part.UpperLids, 2); break;
            case "upper" or "top" when At(1) is "lip" or "lips": (part, length) = (Part.UpperLip, 2); break;
            case "lower" or "bottom" when LidWords.Contains(At(1)): (part, length) = (Part.LowerLids, 2); break;
            case "lower" or "bottom" when At(1) is "lip" or "lips": (part, length) = (Part.LowerLip, 2); break;
            case "lower" or "upper" or "bottom" or "top" or "front" when At(1) is "teeth": (part, length) = (Part.Teeth, 2); break;
            case "lower" when At(1) is "jaw": (part, length) = (Part.Jaw, 2); break;
            case "corner" or "corners" or "edge" or "edges" or "sides" or "ends":
            {
                var of = Of(1);
                var isCorner = At(0) is "corner" or "corners" or "ends" or "edges";
                if (of > 0 && MouthWords.Contains(At(of))) (part, length) = (isCorner && !(At(0) is "edges" && At(of) is "lips") ? Part.LipCorners : Part.Lips, of + 1);
                else if (of > 0 && EyeWords.Contains(At(of))) (part, length) = (Part.AroundEyes, of + 1);
                else if (At(0) is "corner" or "corners" && of < 0 && last is { } before && IsMouthPart(before)) (part, length) = (Part.LipCorners, 1);
                break;
            }

            case "lip" or "mouth" when At(1) is "corner" or "corners": (part, length) = (Part.LipCorners, 2); break;
            case "lip" when At(1) is "edge" or "edges": (part, length) = (Part.Lips, 2); break;
            case "eye" or "eyes" when At(1) is "corner" or "corners": (part, length) = (Part.AroundEyes, 2); break;
            case "around" or "beside" or "near" or "surrounding" when EyeWords.Contains(At(IsDeterminer(At(1)) ? 2 : 1)): (part, length) = (Part.AroundEyes, IsDeterminer(At(1)) ? 3 : 2); break;
            case "under" or "below" or "beneath" or "underneath" when EyeWords.Contains(At(IsDeterminer(At(1)) ? 2 : 1)): (part, length) = (Part.UnderEyes, IsDeterminer(At(1)) ? 3 : 2); break;
            case "between" when BrowWords.Contains(At(IsDeterminer(At(1)) ? 2 : 1)): (part, length) = (Part.BetweenBrows, IsDeterminer(At(1)) ? 3 : 2); break;
            case "glabella": (part, length) = (Part.BetweenBrows, 1); break;
            case "white" or "whites" when Of(1) is > 0 and var of && EyeWords.Contains(At(of)): (part, length) = (Part.Sclera, of + 1); break;
            case "sclera" or "scleras": (part, length) = (Part.Sclera, 1); break;
            case "bridge" or "root" or "sides" when Of(1) is > 0 and var of && At(of) is "nose": (part, length) = (Part.Nose, of + 1); break;
            case "nose" or "nasal": (part, length) = (Part.Nose, At(1) is "bridge" or "root" ? 2 : 1); break;
            case "nasolabial": (part, length) = (Part.NasolabialFolds, At(1) is "fold" or "folds" or "furrow" or "furrows" or "lines" ? 2 : 1); break;
            case "red" when Of(1) is > 0 and var of && At(of) is "lips": (part, length) = (Part.Lips, of + 1); break;
            case "brow" or "brows" or "eyebrow" or "eyebrows": (part, length) = (Part.Brows, 1); break;
            case "forehead": (part, length) = (Part.Forehead, 1); break;
            case "eyelid" or "eyelids" or "lid" or "lids": (part, length) = (Part.Lids, 1); break;
            case "eye" or "eyes": (part, length) = (Part.Eyes, 1); break;
            case "cheek" or "cheeks": (part, length) = (Part.Cheeks, 1); break;
            case "nostril" or "nostrils": (part, length) = (Part.Nostrils, 1); break;
            case "lip": (part, length) = (Part.Lip, 1); break;
            case "lips": (part, length) = (Part.Lips, 1); break;
            case "mouth": (part, length) = (Part.Mouth, 1); break;
            case "jaw" or "jaws" or "jawline" or "mandible": (part, length) = (Part.Jaw, 1); break;
            case "chin": (part, length) = (Part.Chin, At(1) is "boss" ? 2 : 1); break;
            case "tongue": (part, length) = (Part.Tongue, 1); break;
            case "teeth": (part, length) = (Part.Teeth, 1); break;
            case "neck" or "platysma": (part, length) = (Part.Neck, 1); break;
        }

        return length > 0;
    }
}
