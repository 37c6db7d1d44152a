using System.Text.Json;

namespace FacialR1.Training.Datasets;

/// <summary>One thing that was left out.</summary>
/// <param name="Where">File and, where there are lines, the line.</param>
/// <param name="Reason">Why, in words that repeat for the same cause.</param>
public sealed record SkippedItem(string Where, string Reason);

/// <summary>What an import read, kept and left out, and why.</summary>
public sealed class ImportReport
{
    private const int MostDetails = 1000;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
    private readonly Dictionary<string, int> reasons = new(StringComparer.Ordinal);
    private readonly List<SkippedItem> details = [];
    private readonly Dictionary<string, int> notes = new(StringComparer.Ordinal);

    /// <summary>Samples that were written (or would be, in a dry run).</summary>
    public int Kept { get; private set; }

    /// <summary>Things that were left out.</summary>
    public int Skipped { get; private set; }

    /// <summary>How many were left out for which reason, the commonest first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Reasons => [.. reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal)];

    /// <summary>The first thousand, each with its place.</summary>
    public IReadOnlyList<SkippedItem> Details => details;

    /// <summary>Things that were kept but changed on the way, with how often.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Notes => [.. notes.OrderBy(note => note.Key, StringComparer.Ordinal)];

    /// <summary>Samples per split; "none" where the source has no splits.</summary>
    public SortedDictionary<string, int> Splits { get; } = new(StringComparer.Ordinal);

    /// <summary>Samples per emotion.</summary>
    public SortedDictionary<string, int> Emotions { get; } = new(StringComparer.Ordinal);

    /// <summary>Leaves something out.</summary>
    public void Skip(string where, string reason)
    {
        Skipped++;
        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        if (details.Count < MostDetails) details.Add(new SkippedItem(where, reason));
    }

    /// <summary>Remembers a change that people should know of.</summary>
    public void Note(string what) => notes[what] = notes.GetValueOrDefault(what) + 1;

    internal void Keep(BenchmarkSample sample)
    {
        Kept++;
        var split = sample.Split ?? "none";
        Splits[split] = Splits.GetValueOrDefault(split) + 1;
        if (sample.Labels.Emotion is not { } emotion) return;
        var name = Analysis.Facs.Emotions.Name(emotion);
        Emotions[name] = Emotions.GetValueOrDefault(name) + 1;
    }

    /// <summary>One JSON object: what is stored beside the benchmark.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
