using System.Collections.Frozen;

namespace FacialR1.Analysis.Reasoning;

/// <summary>Reads side and intensity in and beside a statement.</summary>
internal static class Modifiers
{
    private static readonly FrozenDictionary<string, ClaimIntensity> Intensities = new (ClaimIntensity Intensity, string Words)[]
    {
        (ClaimIntensity.Trace, "trace traces hint barely faint faintly minimal minimally"),
        (ClaimIntensity.Slight, "slight slightly subtle subtly mild mildly little weak weakly gentle gently soft softly lightly"),
        (ClaimIntensity.Marked, "marked markedly pronounced moderate moderately noticeable noticeably distinctly distinct"),
        (ClaimIntensity.Severe, "strong strongly intense intensely severe severely extreme extremely broad broadly heavily deeply sharply tightly firmly dramatically fiercely"),
        (ClaimIntensity.Maximum, "maximum maximal maximally"),
    }
    .SelectMany(entry => entry.Words.Split(' ').Select(word => (word, entry.Intensity)))
    .ToFrozenDictionary(entry => entry.word, entry => entry.Intensity);

    private static readonly FrozenSet<string> Stops = MovementWords.Set(", ; : . and but while with or suggesting indicating showing");

    /// <summary>The nearest intensity: inside the statement, else up to three words before or behind it.</summary>
    public static ClaimIntensity? IntensityOf(string text, IReadOnlyList<Word> words, int first, int last, TextSpan? code)
    {
        // FACS writes the intensity behind the number: AU12C.
        if (code is { } written && written.End < text.Length && text[written.End] is >= 'A' and <= 'E' && (written.End + 1 == text.Length || !char.IsLetterOrDigit(text[written.End + 1])))
            return (ClaimIntensity)(text[written.End] - 'A' + 1);
        foreach (var at in Near(words, first, last, before: 3, behind: 3))
            if (Intensities.TryGetValue(words[at].Text, out var intensity)) return intensity;
        return null;
    }

    /// <summary>Left, right, one or both, inside the statement, up to three words before it or seven behind it.</summary>
    public static FaceSide SideOf(IReadOnlyList<Word> words, int first, int last)
    {
        var (left, right, one, both) = (false, false, false, false);
        foreach (var at in Near(words, first, last, before: 3, behind: 7))
        {
            var (word, next) = (words[at].Text, at + 1 < words.Count ? words[at + 1].Text : "");
            if (word is "unilateral" or "unilaterally" or "asymmetric" or "asymmetrical" or "asymmetrically" or "lopsided" or "crooked") one = true;
            if (word is "one" && next is "side" or "sided" or "corner" or "brow" or "eyebrow" or "eye" or "cheek" or "inner" or "outer" or "lip" or "mouth") one = true;
            if (word is "bilateral" or "bilaterally" or "symmetric" or "symmetrically" or "symmetrical" or "both") both = true;
            left |= word is "left";
            right |= word is "right";
        }

        return (left, right) switch
        {
            (true, false) => FaceSide.Left,
            (false, true) => FaceSide.Right,
            (true, true) => FaceSide.Both,
            _ => one ? FaceSide.OneSide : both ? FaceSide.Both : FaceSide.Unstated,
        };
    }

    private static IEnumerable<int> Near(IReadOnlyList<Word> words, int first, int last, int before, int behind)
    {
        for (var at = first; at <= last; at++) yield return at;
        for (var at = first - 1; at >= 0 && at >= first - before && !Stops.Contains(words[at].Text) && !words[at].IsCode; at--) yield return at;
        for (var at = last + 1; at < words.Count && at <= last + behind && !Stops.Contains(words[at].Text) && !words[at].IsCode; at++) yield return at;
    }
}
