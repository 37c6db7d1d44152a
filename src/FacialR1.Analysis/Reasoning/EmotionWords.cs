using System.Collections.Frozen;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>Finds emotion words and the sentences that tie them to movements.</summary>
internal static class EmotionWords
{
    // Synonyms that in running text are more often something else: "the content of the picture", "smiling" (a movement), "none of these".
    private static readonly FrozenSet<string> NotInText = MovementWords.Set("none content smiling crying mad");

    private static readonly FrozenSet<string> OutsideList = MovementWords.Set(
        "contempt contemptuous disdain disdainful pride proud shame ashamed guilt guilty embarrassment embarrassed boredom bored confusion confused jealousy envy relief relieved love interest curiosity curious skepticism " +
        "skeptical determination determined concentration disappointment disappointed pain");

    private static readonly FrozenSet<string> NeutralPlaces = MovementWords.Set("position place placement shape posture alignment location height level");

    private static readonly FrozenSet<string> Cues = MovementWords.Set(
        "suggest suggests suggesting suggestive indicate indicates indicating indicative point points pointing consistent characteristic typical signal signals signaling signalling associated fit fits fitting support supports " +
        "supporting reflect reflects reflecting convey conveys conveying express expresses expressing read reads lead leads leading hallmark sign signs imply implies implying reveal reveals mean means correspond corresponds match " +
        "matches belong belongs agree agrees form forms give gives pattern evidence denote denotes typify named called make makes making cue cues argue argues arguing rule rules exclude excludes contradict contradicts align aligns " +
        "confirm confirms because associated evoke classic inconsistent show shows showing communicates demonstrate demonstrates compatible expressive");

    private static readonly FrozenSet<string> Back = MovementWords.Set("these this together combined overall combination pattern taken such they both that those all it altogether");

    /// <summary>Emotions named in a sentence, in order.</summary>
    public static IEnumerable<EmotionMention> Find(IReadOnlyList<Word> words, int sentence, IReadOnlyList<DescribedMovement> movements)
    {
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at].Text;
            if (word.Length < 3 || NotInText.Contains(word)) continue;
            Emotion? emotion = Emotions.TryParse(word, out var label) ? label : null;
            if (emotion is null && !OutsideList.Contains(word)) continue;
            if (word is "depressed" && movements.Any(movement => movement.First <= at && at <= movement.Last)) continue;
            if (word is "interest" or "pain" or "love" or "concentration" or "determined" && at + 1 < words.Count && words[at + 1].Text is "in" or "by" or "region") continue;
            if (emotion == Emotion.Neutral && IsNeutralPart(words, at)) continue;
            yield return new EmotionMention(sentence, TextSpan.FromBounds(words[at].Start, words[at].End), emotion, Scope.Of(words, at, at, isEmotion: true));
        }
    }

    /// <summary>Whether the sentence says that something speaks for or against what it names.</summary>
    public static bool HasCue(IReadOnlyList<Word> words) => words.Any(word => Cues.Contains(word.Text));

    /// <summary>Whether the sentence points at what was said before.</summary>
    public static bool RefersBack(IReadOnlyList<Word> words) => words.Any(word => Back.Contains(word.Text));

    /// <summary>"The mouth stays neutral", "in neutral position": a part at rest and no label.</summary>
    private static bool IsNeutralPart(IReadOnlyList<Word> words, int at)
    {
        var next = at + 1 < words.Count ? words[at + 1].Text : "";
        if (NeutralPlaces.Contains(next)) return true;
        if (next is "expression" or "face" or "emotion" or "state" or "affect" or "mood" or "label" or "look" or "demeanor") return false;
        for (var i = at - 1; i >= 0 && i > at - 10; i--)
        {
            if (words[i].Text is "," or ";" or ":" or "." or "face" or "expression" or "overall" or "emotion" or "suggests" or "suggest" or "suggesting" or "points" or "indicates" or "reads" or "label") return false;
            if (MovementWords.TryPart(words, i, null, out _, out _)) return true;
        }

        return next is "brow" or "brows" or "eyebrows" or "mouth" or "lips" or "eyes" or "jaw" or "cheeks";
    }
}
