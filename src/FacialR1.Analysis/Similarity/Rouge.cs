namespace FacialR1.Analysis.Similarity;

/// <summary>How much of two texts is the same.</summary>
/// <param name="Precision">Share of the written text that the reference has, 0 to 1.</param>
/// <param name="Recall">Share of the reference that was written, 0 to 1.</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>2PR / (P + R), 0 when both are 0.</summary>
    public double F => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

/// <summary>Text overlap with a reference (Lin 2004), value for value as the Python package <c>rouge_score</c> computes it.</summary>
/// <remarks>
/// Packages differ widely under the same name. Here: lower case, every run of characters outside a–z and 0–9 separates words, words of more than three
/// characters are stemmed on request, ROUGE-L is one longest common subsequence over the whole text (new lines mean nothing).
/// </remarks>
public static class Rouge
{
    /// <summary>Stored beside every value.</summary>
    public const string Version = "rouge/1";

    /// <summary>Words as the measure sees them.</summary>
    public static IReadOnlyList<string> Words(string text, bool stem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var start = -1;
        var lower = text.ToLowerInvariant();
        for (var at = 0; at <= lower.Length; at++)
        {
            var inside = at < lower.Length && (char.IsAsciiLetterLower(lower[at]) || char.IsAsciiDigit(lower[at]));
            if (inside && start < 0) start = at;
            if (inside || start < 0) continue;
            var word = lower[start..at];
            words.Add(stem && word.Length > 3 ? PorterStemmer.Stem(word) : word);
            start = -1;
        }
        return words;
    }

    /// <summary>
    /// Whether the measure says anything about this text: letters outside a–z vanish before words are compared, so other scripts would score 0 for nothing.
    /// True while they are at most a tenth of all letters (our threshold).
    /// </summary>
    public static bool AppliesTo(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var letters = text.Count(char.IsLetter);
        return text.Count(letter => char.IsLetter(letter) && !char.IsAsciiLetter(letter)) * 10 <= letters;
    }

    /// <summary>ROUGE-L: the longest common subsequence of words. 0 when either side has none.</summary>
    public static RougeScore L(string reference, string written, bool stem = true) => L(Words(reference, stem), Words(written, stem));

    /// <summary>ROUGE-N: clipped counts of runs of <paramref name="n"/> words.</summary>
    /// <param name="n">1 or 2 are usual; at least 1.</param>
    public static RougeScore N(string reference, string written, int n, bool stem = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var (expected, found) = (Runs(Words(reference, stem), n), Runs(Words(written, stem), n));
        var common = expected.Sum(run => Math.Min(run.Value, found.GetValueOrDefault(run.Key)));
        return new RougeScore((double)common / Math.Max(1, found.Values.Sum()), (double)common / Math.Max(1, expected.Values.Sum()));
    }

    private static RougeScore L(IReadOnlyList<string> reference, IReadOnlyList<string> written)
    {
        if (reference.Count == 0 || written.Count == 0) return default;
        var (above, row) = (new int[written.Count + 1], new int[written.Count + 1]);
        foreach (var word in reference)
        {
            for (var at = 0; at < written.Count; at++)
                row[at + 1] = written[at] == word ? above[at] + 1 : Math.Max(above[at + 1], row[at]);
            (above, row) = (row, above);
        }
        return new RougeScore((double)above[^1] / written.Count, (double)above[^1] / reference.Count);
    }

    private static Dictionary<string, int> Runs(IReadOnlyList<string> words, int n)
    {
        var runs = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var start = 0; start + n <= words.Count; start++)
        {
            var run = string.Join(' ', words.Skip(start).Take(n));
            runs[run] = runs.GetValueOrDefault(run) + 1;
        }
        return runs;
    }
}
