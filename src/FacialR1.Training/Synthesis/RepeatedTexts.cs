using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>Counts how often a wording has been accepted for the same labels, so that no sentence is learnt over and over.</summary>
/// <remarks>
/// Two texts are worded alike when the Jaccard similarity of their three-word shingles (Broder 1997; lower case, no punctuation) reaches a limit. It is
/// computed exactly and among texts of the same labels only: texts of other labels name other units and are no duplicates, which leaves groups so small
/// that MinHash would add an estimate's error and save nothing. Another photo with the same words is still another example, hence some repeats are allowed.
/// </remarks>
internal sealed class RepeatedTexts(double similarity)
{
    private readonly Dictionary<string, List<Wording>> wordings = [];

    /// <summary>How many accepted texts of these labels are worded like this one.</summary>
    public int Count(string text, ResponseLabels labels) => Find(text, labels, out _)?.Times ?? 0;

    public void Add(string text, ResponseLabels labels)
    {
        if (Find(text, labels, out var shingles) is { } known)
        {
            known.Times++;
            return;
        }

        if (!wordings.TryGetValue(KeyOf(labels), out var group)) wordings[KeyOf(labels)] = group = [];
        group.Add(new Wording(shingles) { Times = 1 });
    }

    /// <summary>|A ∩ B| / |A ∪ B|; 1 for two empty sets.</summary>
    internal static double Jaccard(HashSet<string> left, HashSet<string> right)
    {
        var common = left.Count(right.Contains);
        var all = left.Count + right.Count - common;
        return all == 0 ? 1 : (double)common / all;
    }

    /// <summary>All runs of three words; a shorter text is one shingle.</summary>
    internal static HashSet<string> Shingles(string text)
    {
        var words = new string([.. text.Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 3 ? [string.Join(' ', words)] : [.. Enumerable.Range(0, words.Length - 2).Select(start => string.Join(' ', words, start, 3))];
    }

    private Wording? Find(string text, ResponseLabels labels, out HashSet<string> shingles)
    {
        var own = shingles = Shingles(text);
        return wordings.TryGetValue(KeyOf(labels), out var group) ? group.Find(wording => Jaccard(wording.Shingles, own) >= similarity) : null;
    }

    private static string KeyOf(ResponseLabels labels) => LabelHint.Of(labels);

    private sealed class Wording(HashSet<string> shingles)
    {
        public HashSet<string> Shingles => shingles;

        public int Times { get; set; }
    }
}
