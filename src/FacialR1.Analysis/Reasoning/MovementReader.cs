using System.Collections.Frozen;

namespace FacialR1.Analysis.Reasoning;

/// <summary>A description of one movement: the words it spans and the units it means.</summary>
/// <param name="First">First word.</param>
/// <param name="Last">Last word.</param>
/// <param name="Units">At least one.</param>
internal sealed record DescribedMovement(int First, int Last, IReadOnlyList<int> Units);

/// <summary>Finds descriptions of movements: it names the parts of the face and the movements of a sentence and ties each movement to its part.</summary>
internal static class MovementReader
{
    /// <summary>Words between a movement and the part it follows or precedes.</summary>
    private const int Behind = 12, Ahead = 6;

    private static readonly FrozenSet<string> Breaks = MovementWords.Set("; : . ! ? while whereas although though however yet because since");

    /// <summary>May stand between a movement and the part behind it: "wrinkling of the nose", "holds the lips".</summary>
    private static readonly FrozenSet<string> Links = MovementWords.Set(
        "the a an both his her their its of in around at on across along near to slight slightly very strong strongly subtle mild marked clear visible holds hold moves move muscles set sets pulls pull draws draw " +
        "turns turn lightly firmly tightly gently noticeable pronounced upon wide lip left right one each some");

    private static readonly FrozenSet<string> Prepositions = MovementWords.Set("in around at on across along near to");
    private static readonly FrozenSet<string> Copulas = MovementWords.Set("is are was were be been appear appears look looks remain remains seem seems");

    /// <summary>All descriptions, in order of their first word.</summary>
    public static List<DescribedMovement> Find(IReadOnlyList<Word> words)
    {
        var sentence = new Sentence(words);
        sentence.NameParts();
        sentence.NameMotions();
        sentence.BindMotions();
        sentence.ShareMotions();
        sentence.CompleteEllipses();
        sentence.ReadWordsAlone();
        return [.. sentence.Found.OrderBy(movement => movement.First).ThenBy(movement => movement.Last)];
    }

    private sealed class Sentence(IReadOnlyList<Word> words)
    {
        private readonly int[] partAt = NoneOf(words.Count);
        private readonly Motion?[] motionAt = new Motion?[words.Count];
        private readonly bool[] isAlone = new bool[words.Count];
        private readonly List<(Part Part, int First, int Last)> parts = [];
        private readonly HashSet<int> bound = [];
        private readonly HashSet<(int Part, Motion Motion)> pairs = [];

        public List<DescribedMovement> Found { get; } = [];

        private string At(int index) => index >= 0 && index < words.Count ? words[index].Text : "";

        private static int[] NoneOf(int count)
        {
            var none = new int[count];
            Array.Fill(none, -1);
            return none;
        }

        public void NameParts()
        {
            Part? last = null;
            for (var at = 0; at < words.Count; at++)
            {
                if (words[at].IsCode || !MovementWords.TryPart(words, at, last, out var part, out var length)) continue;
                // "From the brows down, …" says where the writer looks, not what the brows do.
                var article = MovementWords.IsDeterminer(At(at - 1)) ? 2 : 1;
                var isPlace = At(at - article) is "from" or "starting" || (At(at - article) is "at" or "to" && At(at - article - 1) is "starting" or "brow" or "chin" or "top" or "head");
                last = part;
                if (!isPlace)
                {
                    for (var i = at; i < at + length; i++) partAt[i] = parts.Count;
                    parts.Add((part, at, at + length - 1));
                }
                else if (At(at + length) is "down" or "up" or "downward" or "upward" or "downwards" or "upwards")
                {
                    isAlone[at + length] = true;
                }

                at += length - 1;
            }
        }

        public void NameMotions()
        {
            for (var at = 0; at < words.Count; at++)
            {
                if (partAt[at] >= 0 || isAlone[at]) continue;
                var word = words[at].Text;
                if (!MovementWords.TryMotion(word, out var motion)) continue;
                if (word is "part" or "parts" && (At(at + 1) is "of" || At(at - 1) is "a" or "in" or "upper" or "lower" or "this" or "these" or "every" or "key" or "important")) continue;
                if (word is "in" && !(At(at - 1) is "pulled" or "drawn" or "sucked" or "rolled" or "turned" or "tucked" or "draws" or "pulls" or "rolls" or "sucks" or "sucking" or "rolling" or "folded")) continue;
                if (word is "out" && !(At(at - 1) is "sticking" or "sticks" or "poking" or "pushed" or "pokes" or "stuck" or "hanging" or "hangs" or "protruding")) continue;
                if (word is "up" or "down" && At(at - 1) is "top" or "close" or "made" or "makes" or "make" or "calm" or "sum" or "sums") continue;
                if (word is "side" or "sides" && !(At(at - 1) is "one" or "the" or "both" or "a" && At(at - 2) is "to" or "toward" or "towards")) continue;
                if (word is "high" or "deep" && !(At(at - 1) is "raised" or "lifted" or "are" or "is" or "set" || At(at + 1) is "nasolabial" or "furrow" or "furrows" or "lines" or "creases")) continue;
                if (motion is Motion.Closed && At(at - 1) is "half" or "partly" or "partially" or "nearly" or "almost") continue;
                if (word is "close" && (At(at + 1) is "to" or "up" || At(at - 1) is "a" or "very" or "up")) continue;
                if (word is "separate" or "back" or "round" && At(at - 1) is "a" or "two" or "three" or "come" or "comes") continue;
                if (word is "together" && (at == 0 || At(at - 1) is "," or ";" || (At(at - 1) is "and" && motionAt[Math.Max(0, at - 2)] is null) || At(at + 1) is "with" or "these" or "they" or "this" or "those")) continue;
                // "Curves downward" takes its direction from the second word.
                if (motion is Motion.Curl && word is not "puller" && HasDirection(at)) continue;
                if (word is "show" or "shows" or "showing" or "reveal" or "reveals" or "display" or "displays" && At(at + 1) is "signs" or "no" or "any") continue;
                if (word is "rounded" or "tight" or "thin" or "wide" or "narrow" && At(at + 1) is "face" or "nose" or "shape" or "smile" or "grin") continue;
                motionAt[at] = motion;
            }
        }

        private bool HasDirection(int at)
        {
            for (var i = at + 1; i <= at + 2; i++)
                if (MovementWords.TryMotion(At(i), out var motion) && motion is Motion.Up or Motion.Down or Motion.Inward or Motion.Outward) return true;
            return At(at - 1) is "up" or "upward" or "down" or "downward";
        }

        public void BindMotions()
        {
            for (var at = 0; at < words.Count; at++)
            {
                if (motionAt[at] is not { } motion) continue;
                var (next, hasPreposition) = NextPart(at);
                var (previous, hasCopula) = PreviousPart(at);
                var fitsNext = next >= 0 && Movement.IsKnown(parts[next].Part, motion);
                var fitsPrevious = previous >= 0 && Movement.IsKnown(parts[previous].Part, motion);
                if (fitsNext && !(fitsPrevious && hasPreposition && hasCopula)) Bind(next, at);
                else if (fitsPrevious) BindWithCompanions(previous, at);
            }
        }

        /// <summary>"Raised cheeks and lip corners": a part that got no movement shares that of the part before "and".</summary>
        public void ShareMotions()
        {
            for (var index = 1; index < parts.Count; index++)
            {
                if (bound.Contains(index) || !bound.Contains(index - 1) || !OnlyJoins(parts[index - 1].Last + 1, parts[index].First - 1)) continue;
                foreach (var at in MotionsBefore(parts[index - 1].First))
                    if (motionAt[at] is { } motion && Movement.IsKnown(parts[index].Part, motion)) Bind(index, at);
            }
        }

        /// <summary>"The lip corners are raised, but the cheeks are not": the movement is that of the part before.</summary>
        public void CompleteEllipses()
        {
            for (var index = 1; index < parts.Count; index++)
            {
                var end = parts[index].Last;
                var isDenied = (At(end + 1) is "are" or "is" or "do" or "does" && At(end + 2) is "not") || At(end + 1) is "aren't" or "isn't" or "don't" or "doesn't";
                var after = At(end + (At(end + 2) is "not" ? 3 : 2));
                if (bound.Contains(index) || !isDenied || after is not ("" or "." or "," or ";")) continue;
                for (var at = end; at >= 0 && at > end - 14; at--)
                {
                    if (motionAt[at] is not { } motion || Movement.UnitsOf(parts[index].Part, motion) is not { Count: > 0 } units) continue;
                    Add(parts[index].First, end + (At(end + 2) is "not" ? 2 : 1), units);
                    break;
                }
            }
        }

        public void ReadWordsAlone()
        {
            for (var at = 0; at < words.Count; at++)
            {
                if (At(at) is "crow's" or "crows" or "crow" && At(at + 1) is "feet") Add(at, at + 1, [6]);
                else if (At(at) is "duchenne") Add(at, At(at + 1) is "smile" ? at + 1 : at, At(at + 1) is "smile" ? [6, 12] : [6]);
                else if (At(at) is "funnel" or "funneled" or "funnelled" && !Covered(at)) Add(at, at, [22]);
                else if (At(at) is "jawed" && At(at - 1) is "slack") Add(at - 1, at, [26]);
                else if (At(at) is "eyed" && At(at - 1) is "wide") Add(at - 1, at, [5]);
                else if (At(at) is "eyed" && At(at - 1) is "narrow") Add(at - 1, at, [7]);
                else if (At(at) is "mouthed" or "lipped" && At(at - 1) is "open") Add(at - 1, at, [25]);
                else if (At(at) is "unsmiling") Add(at, at, [12]);
                else if (At(at) is "unfurrowed" or "unwrinkled" or "unraised") AddDenied(at);
                else if (At(at) is "sharp" && At(at + 1) is "pull" or "puller") ReplaceFrom(at, 13);
                else if (At(at) is "tongue" && At(at + 1) is "show" && !Covered(at)) Add(at, at + 1, [19]);
                else if (MovementWords.TryAlone(At(at), out var unit)) ReadAlone(at, unit);
            }
        }

        private void ReadAlone(int at, int unit)
        {
            if (Covered(at) || At(at + 1) is "lines" or "like" || (unit == 12 && At(at - 1) is "duchenne")) return;
            if (unit == 14 && (At(at + 1) is "of" or "in" or "on" && PartNear(at, Part.Chin) || At(at - 1) is "chin")) { Add(at, at + 1, [17]); return; }
            if (unit == 18 && motionAt[at] is not null && (NextPart(at).Part >= 0 && parts[NextPart(at).Part].Part == Part.Chin)) return;
            if (unit == 4 && SegmentHas(at, MovementWords.IsMouthPart) && !SegmentHas(at, MovementWords.IsBrowPart)) { Add(at, at, [15]); return; }
            Add(at, at, [unit]);
        }

        private void AddDenied(int at)
        {
            var (next, _) = NextPart(at);
            var part = next >= 0 ? next : PreviousPart(at).Part;
            var motion = At(at) switch { "unfurrowed" => Motion.Furrow, "unwrinkled" => Motion.Wrinkle, _ => Motion.Up };
            if (part >= 0 && Movement.UnitsOf(parts[part].Part, motion) is { Count: > 0 } units) Add(Math.Min(at, parts[part].First), Math.Max(at, parts[part].Last), units);
        }

        /// <summary>"A sharp pull lifts the corners of the lips" is AU13 and not AU12.</summary>
        private void ReplaceFrom(int at, int unit)
        {
            var last = at + 1;
            foreach (var movement in Found.Where(movement => movement.First >= at && movement.First <= at + 4 && movement.Units.Contains(12)).ToArray())
            {
                last = movement.Last;
                Found.Remove(movement);
            }
            Add(at, last, [unit]);
        }

        private bool PartNear(int at, Part part) => Enumerable.Range(at, Math.Min(5, words.Count - at)).Any(i => partAt[i] >= 0 && parts[partAt[i]].Part == part);

        private bool SegmentHas(int at, Func<Part, bool> matches)
        {
            bool Look(int step)
            {
                for (var (i, steps) = (at + step, 0); i >= 0 && i < words.Count && steps < 14; i += step, steps++)
                {
                    if (At(i) is "," or "and" or "but" || Breaks.Contains(At(i))) return false;
                    if (partAt[i] >= 0 && matches(parts[partAt[i]].Part)) return true;
                }
                return false;
            }
            return Look(-1) || Look(1);
        }

        private bool Covered(int at) => Found.Any(movement => movement.First <= at && at <= movement.Last && movement.Last - movement.First < 8 && motionAt[at] is not null);

        private void Add(int first, int last, IReadOnlyList<int> units) => Found.Add(new DescribedMovement(first, Math.Min(last, words.Count - 1), units));

        private void BindWithCompanions(int part, int at)
        {
            Bind(part, at);
            if (parts[part].Last > at) return;
            for (var index = part - 1; index >= 0; index--)
            {
                if (!OnlyJoins(parts[index].Last + 1, parts[index + 1].First - 1) || bound.Contains(index)) return;
                if (motionAt[at] is { } motion && Movement.IsKnown(parts[index].Part, motion)) Bind(index, at);
                else return;
            }
        }

        private void Bind(int part, int at)
        {
            var motion = motionAt[at]!.Value;
            bound.Add(part);
            if (!pairs.Add((part, motion))) return;
            var units = Movement.UnitsOf(parts[part].Part, motion);
            // A mouth that is wide open or stretched open is AU27, whatever the order of the words.
            if (parts[part].Part is Part.Mouth or Part.Jaw && motion is Motion.Open or Motion.Wide or Motion.Stretch && IsWideOpen(at))
            {
                if (!pairs.Add((part, Motion.Flare))) return;
                Found.RemoveAll(movement => movement.First == parts[part].First && (movement.Units.Contains(25) || movement.Units.Contains(20)));
                units = parts[part].Part == Part.Mouth ? [25, 27] : [27];
            }

            if (parts[part].Part == Part.Brows && motion == Motion.Up && At(at + 1) is "in" or "at" && At(at + 2) is "the" && At(at + 3) is "middle" or "center" or "centre" or "inner") units = [1];
            // "Pressed into a thin line" is AU24 alone.
            if (motion is Motion.Thin && pairs.Contains((part, Motion.Press))) return;
            if (motion is Motion.Press && pairs.Contains((part, Motion.Thin))) Found.RemoveAll(movement => movement.First == parts[part].First && movement.Units.Contains(23));
            Add(Math.Min(parts[part].First, at), Math.Max(parts[part].Last, at), units);
        }

        private bool IsWideOpen(int at)
        {
            var (open, wide) = (false, false);
            for (var i = Math.Max(0, at - 4); i <= Math.Min(words.Count - 1, at + 3); i++)
            {
                if (At(i) is "," or ";" or "and") { if (i > at) break; (open, wide) = (false, false); continue; }
                if (motionAt[i] is Motion.Open) open = true;
                if (motionAt[i] is Motion.Wide or Motion.Stretch) wide = true;
            }
            return open && wide;
        }

        private IEnumerable<int> MotionsBefore(int first)
        {
            for (var at = first - 1; at >= 0 && at >= first - Ahead; at--)
            {
                if (motionAt[at] is not null) yield return at;
                else if (!Links.Contains(At(at)) && !(At(at) is "and" or "or")) yield break;
            }
        }

        private (int Part, bool HasPreposition) NextPart(int at)
        {
            var (hasPreposition, hasCopula) = (false, false);
            for (var i = at + 1; i < words.Count && i <= at + Ahead; i++)
            {
                if (partAt[i] >= 0) return hasCopula && parts[partAt[i]].Part is not (Part.BetweenBrows or Part.AroundEyes or Part.UnderEyes) ? (-1, false) : (partAt[i], hasPreposition);
                // "No furrowing is seen between the brows".
                if (At(i) is "is" or "are" or "can" or "be" or "seen" or "visible" or "present" or "appear" or "form") { hasCopula = true; continue; }
                if (motionAt[i] is not null && !(At(i) is "in")) continue;
                if (At(i) is "and" or "or" or "," && motionAt[Math.Min(i + 1, words.Count - 1)] is not null) continue;
                if (!Links.Contains(At(i))) return (-1, false);
                hasPreposition |= Prepositions.Contains(At(i));
            }
            return (-1, false);
        }

        private (int Part, bool HasCopula) PreviousPart(int at)
        {
            var hasCopula = false;
            for (var i = at - 1; i >= 0 && i >= at - Behind; i--)
            {
                if (partAt[i] >= 0) return (partAt[i], hasCopula);
                if (At(i) is ":" && i > 0 && partAt[i - 1] >= 0) continue;   // "Brows: raised"
                if (words[i].IsCode || Breaks.Contains(At(i))) { if (!IsCodeInBrackets(i)) return (-1, false); continue; }
                if (At(i) is "(" or ")" && !IsBracketOfCode(i)) return (-1, false);
                // A comma belongs to the same subject only where a movement follows it at once: "the lips, slightly parted, …".
                if (At(i) is "," && !MotionSoon(i + 1, at)) return (-1, false);
                hasCopula |= Copulas.Contains(At(i));
            }
            return (-1, false);
        }

        private bool IsCodeInBrackets(int at) => At(at - 1) is "(" or "[" or "+" or "," or "/" || At(at + 1) is ")" or "]";

        private bool IsBracketOfCode(int at) => At(at) is "(" ? at + 1 < words.Count && words[at + 1].IsCode : at > 0 && words[at - 1].IsCode;

        private bool MotionSoon(int from, int to)
        {
            for (var i = from; i <= to && i < from + 6; i++)
            {
                if (motionAt[i] is not null) return true;
                if (!(At(i) is "and" or "or" or "not" or "but" or "then" or "slightly" or "also" or "clearly" or "pulled" or "drawn" or "turned" or "very" or "rather" or "strongly" or "is" or "are" or "even" or "pushed"
                    or "to" or "some" or "degree" or "though" or "neither" or "nor" or "faintly" or "visibly" or "subtly" or "barely")) return false;
            }
            return false;
        }

        private bool OnlyJoins(int from, int to)
        {
            if (to - from > 6) return false;
            var joins = false;
            for (var i = from; i <= to; i++)
            {
                if (At(i) is "and" or "or" or "," or "nor" or "&") joins = true;
                else if (words[i].IsCode || At(i) is "(" or ")" or "as" or "well" or "both" or "even" || MovementWords.IsDeterminer(At(i))) continue;
                else return false;
            }
            return joins;
        }
    }
}
