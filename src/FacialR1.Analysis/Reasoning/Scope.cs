using System.Collections.Frozen;

namespace FacialR1.Analysis.Reasoning;

/// <summary>Reads whether a statement inside a sentence is asserted, negated or hedged, from the words before, in and right behind it.</summary>
/// <remarks>
/// A negation or hedge reaches from its word to the next contrast ("but", "while", ";"), comma or new clause, except that it goes through a list joined by
/// "or" ("no raised brows, wide eyes or parted lips"). Words behind a statement count only when nothing but a verb lies between ("AU4 is not visible").
/// </remarks>
internal static class Scope
{
    /// <summary>Words looked at before a statement; keeps a sentence without end from costing quadratic time.</summary>
    private const int Reach = 40;

    private static readonly FrozenSet<string> Negators = MovementWords.Set(
        "no not without lack lacks lacking absence neither nor never none cannot hardly scarcely nothing absent missing free devoid fail fails failing isn't aren't wasn't weren't doesn't don't " +
        "didn't won't can't couldn't hasn't haven't unfurrowed unwrinkled unraised unsmiling rather instead opposed unlike");

    private static readonly FrozenSet<string> AgainstEmotion = MovementWords.Set("against rules rule exclude excludes excluding contradict contradicts contradicting inconsistent incompatible unlikely");

    private static readonly FrozenSet<string> Hedges = MovementWords.Set(
        "may might could possibly perhaps maybe probably likely seem seems seemed seemingly apparently presumably would should if unclear uncertain whether potentially possible arguably unsure expect " +
        "expected expects usually typically often normally generally commonly sometimes think guess suspect doubtful questionable suspected conceivably assuming");

    private static readonly FrozenSet<string> Contrasts = MovementWords.Set("but while whereas although though however yet because since given despite ; : - . ! ? which with showing suggesting indicating so thus therefore hence");

    private static readonly FrozenSet<string> Copulas = MovementWords.Set("is are was were be been being appears appear looks look remains remain seems seem has have does do can shows show point points suggest suggests indicate indicates");

    private static readonly FrozenSet<string> Subjects = MovementWords.Set("the his her their its it they he she we i there this these that both");

    /// <summary>Verbs behind a subject: "the lack of AU6 suggests a smile" denies AU6 only.</summary>
    private static readonly FrozenSet<string> Verdicts = MovementWords.Set("suggest suggests indicate indicates point points mean means imply implies hint hints signal signals convey conveys speaks argues makes");

    private static readonly FrozenSet<string> Presence = MovementWords.Set("present visible seen active activated engaged evident involved detected observed apparent there noticeable found discernible appear occur show move fire exist");

    /// <summary>Polarity of the words <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="words">The sentence.</param>
    /// <param name="first">First word of the statement.</param>
    /// <param name="last">Last word of the statement.</param>
    /// <param name="isEmotion">The statement is an emotion word, which can also be argued against.</param>
    public static ClaimPolarity Of(IReadOnlyList<Word> words, int first, int last, bool isEmotion = false)
    {
        var (isNegated, isHedged, since) = (false, false, 0);
        for (var at = Math.Max(0, first - Reach); at <= last; at++)
        {
            var word = words[at].Text;
            var next = at + 1 < words.Count ? words[at + 1].Text : "";
            if ((isNegated || isHedged) && (Ends(words, at, last) || (at > since + 2 && Verdicts.Contains(word)))) (isNegated, isHedged) = (false, false);
            var wasActive = isNegated || isHedged;
            if (word is "not" or "no" or "without" or "isn't" && next is "only" or "just" or "merely" or "simply" or "doubt" or "question") continue;
            if (word is "not" && next is "clearly" or "necessarily" or "certain" or "sure" or "clear" or "obviously") isHedged = true;
            else if (word is "rather" or "instead" or "opposed") isNegated |= next is "than" or "of" or "to";
            else if (word is "free") isNegated |= next is "of" or "from";
            else if (Negators.Contains(word) || (isEmotion && IsAgainst(word, next))) isNegated = true;
            else if (word is "would" && at > 0 && words[at - 1].Text is "i" or "we") continue;   // "I would code AU2" is how people assert
            else if (Hedges.Contains(word)) isHedged = true;
            if (!wasActive && (isNegated || isHedged)) since = at;
        }

        if (!isNegated && !isHedged) (isNegated, isHedged) = Behind(words, last);
        return isHedged ? ClaimPolarity.Hedged : isNegated ? ClaimPolarity.Negated : ClaimPolarity.Asserted;
    }

    private static bool IsAgainst(string word, string next) => word is "rule" or "rules" ? next is "out" : AgainstEmotion.Contains(word);

    private static bool Ends(IReadOnlyList<Word> words, int at, int last)
    {
        var word = words[at].Text;
        if (word is "-" && at + 1 < words.Count && at > 0 && words[at].Start == words[at - 1].End && words[at + 1].Start == words[at].End) return false;
        if (word is "with" && at > 0 && words[at - 1].Text is "inconsistent" or "incompatible" or "consistent" or "associated" or "compatible") return false;
        if (word is "and") return StartsClause(words, at + 1, last);
        if (word is ",") return !IsListed(words, at + 1);
        return Contrasts.Contains(word);
    }

    /// <summary>Behind "and": a new subject with its own verb, or a new noun phrase with an article.</summary>
    private static bool StartsClause(IReadOnlyList<Word> words, int at, int last)
    {
        if (at >= words.Count) return false;
        if (Subjects.Contains(words[at].Text)) return true;
        for (var i = at; i <= last; i++)
        {
            if (words[i].Text is "," or ";" or "and") return false;
            if (Copulas.Contains(words[i].Text)) return true;
        }

        return false;
    }

    /// <summary>Behind a comma: the list goes on, because an "or" follows before any verb.</summary>
    private static bool IsListed(IReadOnlyList<Word> words, int at)
    {
        for (var i = at; i < words.Count && i < at + 16; i++)
        {
            var word = words[i].Text;
            if (word is "or" or "nor") return true;
            if (Copulas.Contains(word) || Contrasts.Contains(word)) return false;
        }

        return false;
    }

    /// <summary>"… is not visible", "… are absent", "… (absent)", "… may be present", "… cannot be judged".</summary>
    private static (bool IsNegated, bool IsHedged) Behind(IReadOnlyList<Word> words, int last)
    {
        var at = last + 1;
        // Other members of the same subject: "AU9 and AU10 are absent", "AU9 (nose wrinkler) is absent".
        for (var steps = 0; at < words.Count && steps < 16; at++, steps++)
        {
            var word = words[at];
            if (word.IsCode || word.Text is "and" or "or" or "," or "(" or ")" or "the" or "/" or "+" or "&" or ":" or "=" or "movement" or "action" or "activation" or "activity" or "sign" or "component") continue;
            if (IsPartOfName(words, at)) continue;
            break;
        }

        var hasVerb = false;
        for (var steps = 0; at < words.Count && steps < 6; at++, steps++)
        {
            var word = words[at].Text;
            var next = at + 1 < words.Count ? words[at + 1].Text : "";
            var afterNext = at + 2 < words.Count ? words[at + 2].Text : "";
            if (word is "absent" or "missing" or "lacking" or "inactive") return (true, false);
            if (word is "unclear" or "uncertain" or "questionable" or "ambiguous" or "doubtful" or "possible" or "debatable" && hasVerb) return (false, true);
            if (word is "hard" or "difficult" or "impossible" && hasVerb) return (false, true);
            if (word is "cannot" or "can't") return next is "be" && afterNext is "seen" or "observed" or "found" or "detected" ? (true, false) : (false, next is "be");
            // "The smile is not genuine" leaves the smile where it is; "is not visible" and "does not." do not.
            if (word is "not") return next is "clearly" or "certain" or "clear" or "annotated" or "labelled" or "assessed" or "judged" ? (false, true) : (Presence.Contains(next) || (hasVerb && next is "" or "," or ";" or "." or "either"), false);
            if (word is "isn't" or "aren't" or "wasn't" or "doesn't" or "don't") return (Presence.Contains(next) || next is "" or "," or ";" or "." or "either", false);
            if (word is "may" or "might" or "could" or "would" or "should") return (false, next is "be" or "have" or "also" && Presence.Contains(afterNext));
            if (word is "is" or "are" or "was" or "were" or "does" or "do" or "seems" or "seem" or "appears" or "remains" or "remain")
            {
                hasVerb = true;
                if (word is "seems" or "seem") return (false, Presence.Contains(next) || (next is "to" && afterNext is "be"));
                continue;
            }

            if (word is "likely" or "probably" or "possibly" or "perhaps" && hasVerb) return (false, Presence.Contains(next) || next is "" or ".");
            if (word is "completely" or "entirely" or "also" or "clearly" or "both" or "notably" or "noticeably" or "largely" or "conspicuously" or "all" or "simply" or "quite" or "rather") continue;
            return (false, false);
        }

        return (false, false);
    }

    /// <summary>A word of a unit's name or of a movement: it belongs to the subject and not to what is said of it.</summary>
    private static bool IsPartOfName(IReadOnlyList<Word> words, int at) =>
        words[at].Text is "raiser" or "lowerer" or "puller" or "depressor" or "tightener" or "wrinkler" or "stretcher" or "pressor" or "funneler" or "deepener" or "dimpler" or "pucker" or "inner" or "outer" or "upper" or "lower"
            or "smile" or "frown"
        || (MovementWords.TryPart(words, at, null, out _, out _) && at + 1 < words.Count);
}
