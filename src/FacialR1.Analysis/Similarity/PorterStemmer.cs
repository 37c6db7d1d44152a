using System.Collections.Frozen;

namespace FacialR1.Analysis.Similarity;

/// <summary>Strips English suffixes (Porter 1980) with the extensions that NLTK uses by default, which is what published ROUGE values rest on.</summary>
/// <remarks>
/// The extensions: a table of irregular words; words of one or two letters stay; "ies" and "ied" of four-letter words become "ie"; a final y becomes i only
/// behind a consonant; "alli" is followed by another pass; "bli", "fulli" and "logi" have rules; a vowel and a consonant alone keep their final e.
/// </remarks>
public static class PorterStemmer
{
    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news", ["innings"] = "inning", ["inning"] = "inning",
        ["outings"] = "outing", ["outing"] = "outing", ["cannings"] = "canning", ["canning"] = "canning", ["howe"] = "howe",
        ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A suffix and what replaces it when at least one syllable is left.</summary>
    private readonly record struct Rule(string Suffix, string Replacement);

    // The first suffix that fits decides, whether or not its condition holds: longer ones come before their own endings.
    private static readonly Rule[] Doubled =
    [
        new("ational", "ate"), new("tional", "tion"), new("enci", "ence"), new("anci", "ance"), new("izer", "ize"), new("bli", "ble"), new("alli", "al"),
        new("entli", "ent"), new("eli", "e"), new("ousli", "ous"), new("ization", "ize"), new("ation", "ate"), new("ator", "ate"), new("alism", "al"),
        new("iveness", "ive"), new("fulness", "ful"), new("ousness", "ous"), new("aliti", "al"), new("iviti", "ive"), new("biliti", "ble"), new("fulli", "ful"),
    ];

    private static readonly Rule[] Simple =
        [new("icate", "ic"), new("ative", ""), new("alize", "al"), new("iciti", "ic"), new("ical", "ic"), new("ful", ""), new("ness", "")];

    private static readonly string[] Residual =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
    ];

    /// <summary>The stem of a lower-case word: "eyebrows" is "eyebrow", "happiness" is "happi".</summary>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (Irregular.TryGetValue(word, out var known)) return known;
        if (word.Length <= 2) return word;
        word = PastAndProgressive(Plural(word));
        word = FinalY(word);
        word = DoubledSuffix(word);
        word = SimpleSuffix(word);
        word = ResidualSuffix(word);
        return DoubleL(FinalE(word));
    }

    private static string Plural(string word)
    {
        if (Ends(word, "ies")) return word.Length == 4 ? word[..^1] : word[..^2];
        if (Ends(word, "sses")) return word[..^2];
        return Ends(word, "ss") || !Ends(word, "s") ? word : word[..^1];
    }

    private static string PastAndProgressive(string word)
    {
        if (Ends(word, "ied")) return word.Length == 4 ? word[..^1] : word[..^2];
        if (Ends(word, "eed")) return Measure(word.AsSpan()[..^3]) > 0 ? word[..^1] : word;
        var cut = Ends(word, "ed") && HasVowel(word.AsSpan()[..^2]) ? 2 : Ends(word, "ing") && HasVowel(word.AsSpan()[..^3]) ? 3 : 0;
        if (cut == 0) return word;
        word = word[..^cut];
        if (Ends(word, "at") || Ends(word, "bl") || Ends(word, "iz")) return word + "e";
        if (EndsInDoubleConsonant(word)) return word[^1] is 'l' or 's' or 'z' ? word : word[..^1];
        return Measure(word) == 1 && EndsInShortSyllable(word) ? word + "e" : word;
    }

    private static string FinalY(string word) =>
        word.Length > 2 && word[^1] == 'y' && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string DoubledSuffix(string word)
    {
        if (Ends(word, "alli") && Measure(word.AsSpan()[..^4]) > 0) return DoubledSuffix(word[..^2]);
        foreach (var rule in Doubled)
            if (Ends(word, rule.Suffix)) return Replaced(word, rule);
        // The l counts with the stem, so that "geologi" goes like "archaeologi".
        return Ends(word, "logi") && Measure(word.AsSpan()[..^3]) > 0 ? word[..^1] : word;
    }

    private static string SimpleSuffix(string word)
    {
        foreach (var rule in Simple)
            if (Ends(word, rule.Suffix)) return Replaced(word, rule);
        return word;
    }

    private static string ResidualSuffix(string word)
    {
        foreach (var suffix in Residual)
        {
            if (!Ends(word, suffix)) continue;
            var stem = word.AsSpan()[..^suffix.Length];
            return Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem.ToString() : word;
        }
        return word;
    }

    private static string FinalE(string word)
    {
        if (!Ends(word, "e")) return word;
        var stem = word[..^1];
        return Measure(stem) is var measure && (measure > 1 || (measure == 1 && !EndsInShortSyllable(stem))) ? stem : word;
    }

    private static string DoubleL(string word) => Ends(word, "ll") && Measure(word.AsSpan()[..^1]) > 1 ? word[..^1] : word;

    private static string Replaced(string word, Rule rule) =>
        Measure(word.AsSpan()[..^rule.Suffix.Length]) > 0 ? word[..^rule.Suffix.Length] + rule.Replacement : word;

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);

    private static bool IsConsonant(ReadOnlySpan<char> word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => !YIsVowel(word, at),
        _ => true,
    };

    /// <summary>A y behind a consonant sounds as a vowel, so in a run of y every second one does.</summary>
    private static bool YIsVowel(ReadOnlySpan<char> word, int at)
    {
        var first = at;
        while (first > 0 && word[first - 1] == 'y') first--;
        var firstIsVowel = first > 0 && word[first - 1] is not ('a' or 'e' or 'i' or 'o' or 'u');
        return (at - first) % 2 == 0 ? firstIsVowel : !firstIsVowel;
    }

    private static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (var at = 0; at < stem.Length; at++)
            if (!IsConsonant(stem, at)) return true;
        return false;
    }

    /// <summary>Porter's m: how often a run of vowels is followed by a run of consonants.</summary>
    private static int Measure(ReadOnlySpan<char> stem)
    {
        var (measure, afterVowel) = (0, false);
        for (var at = 0; at < stem.Length; at++)
        {
            var consonant = IsConsonant(stem, at);
            if (consonant && afterVowel) measure++;
            afterVowel = !consonant;
        }
        return measure;
    }

    private static bool EndsInDoubleConsonant(string word) => word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    private static bool EndsInShortSyllable(string word) => word.Length switch
    {
        < 2 => false,
        2 => !IsConsonant(word, 0) && IsConsonant(word, 1),
        _ => IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y'),
    };
}
