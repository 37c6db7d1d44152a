using System.Text.Json;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Alignment;

/// <summary>A pattern that a source gives for an emotion.</summary>
/// <param name="Emotion">The label.</param>
/// <param name="ActionUnits">Its units, ascending; empty for the face at rest.</param>
/// <param name="Source">Key of <see cref="PrototypeTable.Sources"/>.</param>
public sealed record Prototype(Emotion Emotion, IReadOnlyList<int> ActionUnits, string Source);

/// <summary>How well claimed units fit the best pattern of an emotion.</summary>
/// <param name="Pattern">The pattern that fits best.</param>
/// <param name="F1">2·|A ∩ P| / (|A| + |P|); 1 when both are empty.</param>
public sealed record PrototypeFit(Prototype Pattern, double F1);

/// <summary>A versioned, editable table of AU patterns per emotion (measures 3.4). Sources disagree, so it holds all of them with their names.</summary>
public sealed class PrototypeTable
{
    private const double NeutralLimit = 0.75;

    private PrototypeTable(string version, IReadOnlyDictionary<string, string> sources, IReadOnlyList<Prototype> patterns) =>
        (Version, Sources, Patterns) = (version, sources, patterns);

    /// <summary>Stored with every alignment.</summary>
    public string Version { get; }

    /// <summary>What each source key stands for.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>All patterns, emotions in canonical order.</summary>
    public IReadOnlyList<Prototype> Patterns { get; }

    /// <summary>A table of patterns given in code.</summary>
    public static PrototypeTable Of(string version, params IEnumerable<Prototype> patterns) => new(version, new Dictionary<string, string>(), [.. patterns.OrderBy(pattern => pattern.Emotion)]);

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="AlignmentTableException">It cannot be used; the message says what is wrong.</exception>
    public static PrototypeTable Parse(string json) => AlignmentTableException.Guard("prototypes", () =>
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var sources = root.GetProperty("sources").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
        var patterns = new List<Prototype>();
        foreach (var entry in root.GetProperty("emotions").EnumerateObject())
        {
            if (!Emotions.TryParse(entry.Name, out var emotion)) throw new FormatException($"\"{entry.Name}\" is none of the labels {Emotions.List(Emotions.All)}.");
            foreach (var pattern in entry.Value.EnumerateArray())
            {
                var source = pattern.GetProperty("source").GetString()!;
                if (!sources.ContainsKey(source)) throw new FormatException($"The source \"{source}\" of {entry.Name} is not explained under \"sources\".");
                int[] units = [.. pattern.GetProperty("actionUnits").EnumerateArray().Select(unit => unit.GetInt32()).Distinct().Order()];
                if (units.Where(unit => !ActionUnits.IsKnown(unit)).Select(unit => (int?)unit).FirstOrDefault() is { } unknown) throw new FormatException($"AU{unknown} of {entry.Name} is no known action unit.");
                patterns.Add(new Prototype(emotion, units, source));
            }
        }

        var version = root.GetProperty("version").GetString();
        if (string.IsNullOrWhiteSpace(version)) throw new FormatException("\"version\" is empty; results name the table by it.");
        return new PrototypeTable(version, sources, [.. patterns.OrderBy(pattern => pattern.Emotion)]);
    });

    /// <summary>The best fit of each emotion that has a pattern.</summary>
    /// <param name="claimed">Distinct units.</param>
    public IReadOnlyDictionary<Emotion, PrototypeFit> Fits(IReadOnlyCollection<int> claimed)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return Patterns.GroupBy(pattern => pattern.Emotion).ToDictionary(
            group => group.Key,
            group => group.Select(pattern => new PrototypeFit(pattern, F1(claimed, pattern.ActionUnits))).MaxBy(fit => fit.F1)!);
    }

    /// <summary>
    /// Whether units speak for an emotion: its best fit reaches the threshold, or is above 0 and no other emotion fits better. Neutral is supported as long as no
    /// other emotion fits by 0.75. Weak evidence for faces outside the laboratory, and all there is where a source did not annotate units.
    /// </summary>
    /// <param name="emotion">The label.</param>
    /// <param name="claimed">Distinct units.</param>
    /// <param name="threshold">Of F1, in (0, 1].</param>
    public bool Supports(Emotion emotion, IReadOnlyCollection<int> claimed, double threshold)
    {
        var fits = Fits(claimed);
        var others = fits.Where(fit => fit.Key != emotion && fit.Key != Emotion.Neutral).Select(fit => fit.Value.F1).DefaultIfEmpty(0).Max();
        if (emotion == Emotion.Neutral) return others < NeutralLimit;
        var own = fits.GetValueOrDefault(emotion)?.F1 ?? 0;
        return own >= threshold || (own > 0 && own >= others);
    }

    private static double F1(IReadOnlyCollection<int> claimed, IReadOnlyList<int> pattern)
    {
        var sum = claimed.Count + pattern.Count;
        return sum == 0 ? 1 : 2.0 * claimed.Count(pattern.Contains) / sum;
    }
}
