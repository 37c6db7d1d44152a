using System.Collections.Frozen;

namespace FacialR1.Analysis.Facs;

/// <summary>The emotion labels, their nouns and the words that mean them.</summary>
public static class Emotions
{
    /// <summary>Names the synonym table, so that a stored score says how its answers were read.</summary>
    public const string SynonymsVersion = "emotion-synonyms/1";

    private static readonly FrozenDictionary<string, Emotion> ByWord = new (Emotion Emotion, string[] Words)[]
    {
        (Emotion.Anger, ["anger", "angry", "angriness", "mad", "furious", "irritated", "irritation", "annoyed", "annoyance", "enraged", "rage", "frustrated", "frustration", "hostile"]),
        (Emotion.Disgust, ["disgust", "disgusted", "revulsion", "repulsed", "distaste", "aversion", "repugnance"]),
        (Emotion.Fear, ["fear", "fearful", "afraid", "scared", "frightened", "terror", "terrified", "anxious", "anxiety", "panic", "worried"]),
        (Emotion.Happiness, ["happiness", "happy", "joy", "joyful", "smiling", "cheerful", "pleased", "delighted", "amused", "amusement", "content", "contentment"]),
        (Emotion.Neutral, ["neutral", "neutrality", "calm", "expressionless", "emotionless", "none"]),
        (Emotion.Sadness, ["sadness", "sad", "unhappy", "sorrow", "sorrowful", "grief", "grieving", "distressed", "crying", "melancholy", "depressed"]),
        (Emotion.Surprise, ["surprise", "surprised", "astonished", "astonishment", "amazed", "amazement", "startled", "shocked"]),
    }
    .SelectMany(entry => entry.Words.Select(word => (word, entry.Emotion)))
    .ToFrozenDictionary(entry => entry.word, entry => entry.Emotion, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Emotion>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByWord.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All labels in canonical (enum) order.</summary>
    public static IReadOnlyList<Emotion> All { get; } = Enum.GetValues<Emotion>();

    /// <summary>The noun in lower case, "happiness".</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of <see cref="All"/>.</exception>
    public static string Name(this Emotion emotion) => emotion switch
    {
        Emotion.Anger => "anger",
        Emotion.Disgust => "disgust",
        Emotion.Fear => "fear",
        Emotion.Happiness => "happiness",
        Emotion.Neutral => "neutral",
        Emotion.Sadness => "sadness",
        Emotion.Surprise => "surprise",
        _ => throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not one of the seven emotions."),
    };

    /// <summary>The nouns as a plain comma list in the given order, "anger, disgust, fear".</summary>
    public static string List(IEnumerable<Emotion> emotions) => string.Join(", ", emotions.Select(Name));

    /// <summary>
    /// Reads one label or synonym: case and the white space, punctuation and symbols around it do not matter ("**Angry.**" is anger).
    /// Several words or several labels are not a label.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Emotion emotion)
    {
        var (start, end) = (0, text.Length);
        while (start < end && !char.IsLetterOrDigit(text[start])) start++;
        while (start < end && !char.IsLetterOrDigit(text[end - 1])) end--;
        return BySpan.TryGetValue(text[start..end], out emotion);
    }
}
