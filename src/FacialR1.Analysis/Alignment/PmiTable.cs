using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Alignment;

/// <summary>How much more often units occur with each emotion than without it, counted on training labels (measures 3.4).</summary>
/// <remarks>
/// pmi(a, e) = ln[(n_ae + k) / (n_e + 2k)] − ln[(n_a + k) / (n + 2k)]. Units that occur together are counted twice: a reading aid, not a probability. It describes
/// the labels it was counted on and inherits what is wrong with them.
/// </remarks>
public sealed class PmiTable
{
    private readonly Dictionary<(int Unit, Emotion Emotion), double> weights;

    private PmiTable(string version, string source, int n, IReadOnlyList<int> units, IReadOnlyList<Emotion> emotions, IReadOnlyDictionary<int, int> unitCounts, Dictionary<(int, Emotion), double> weights) =>
        (Version, Source, N, ActionUnits, Emotions, UnitCounts, this.weights) = (version, source, n, units, emotions, unitCounts, weights);

    /// <summary>Stored with every alignment.</summary>
    public string Version { get; }

    /// <summary>Which labels were counted, in words.</summary>
    public string Source { get; }

    /// <summary>Labelled samples counted.</summary>
    public int N { get; }

    /// <summary>Units that occur often enough to have weights, ascending.</summary>
    public IReadOnlyList<int> ActionUnits { get; }

    /// <summary>Emotions counted, in canonical order.</summary>
    public IReadOnlyList<Emotion> Emotions { get; }

    /// <summary>Samples with each unit.</summary>
    public IReadOnlyDictionary<int, int> UnitCounts { get; }

    /// <summary>Computes the weights from counts.</summary>
    /// <param name="version">Name and version.</param>
    /// <param name="source">Which labels were counted.</param>
    /// <param name="n">Samples.</param>
    /// <param name="emotions">n_e: samples of each emotion.</param>
    /// <param name="units">n_a: samples with each unit.</param>
    /// <param name="together">n_ae; a pair left out is 0.</param>
    /// <param name="smoothing">k.</param>
    /// <param name="minimumCount">Units with fewer samples get no weight.</param>
    public static PmiTable FromCounts(
        string version, string source, int n, IReadOnlyDictionary<Emotion, int> emotions, IReadOnlyDictionary<int, int> units,
        IReadOnlyDictionary<(int Unit, Emotion Emotion), int> together, double smoothing = 0.5, int minimumCount = 10)
    {
        ArgumentNullException.ThrowIfNull(emotions);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(together);
        int[] kept = [.. units.Where(unit => unit.Value >= minimumCount).Select(unit => unit.Key).Order()];
        var weights = new Dictionary<(int, Emotion), double>();
        foreach (var unit in kept)
            foreach (var (emotion, count) in emotions)
                weights[(unit, emotion)] = Math.Log((together.GetValueOrDefault((unit, emotion)) + smoothing) / (count + 2 * smoothing))
                    - Math.Log((units[unit] + smoothing) / (n + 2 * smoothing));
        return new PmiTable(version, source, n, kept, [.. emotions.Keys.Order()], kept.ToDictionary(unit => unit, unit => units[unit]), weights);
    }

    /// <summary>Reads the JSON form, which holds counts and no weights.</summary>
    /// <exception cref="AlignmentTableException">It cannot be used; the message says what is wrong.</exception>
    public static PmiTable Parse(string json) => AlignmentTableException.Guard("AU and emotion counts", () =>
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var emotions = root.GetProperty("emotions").EnumerateObject().ToDictionary(entry => EmotionOf(entry.Name), entry => entry.Value.GetInt32());
        var units = root.GetProperty("actionUnits").EnumerateObject().ToDictionary(entry => UnitOf(entry.Name), entry => entry.Value.GetInt32());
        var together = root.GetProperty("together").EnumerateObject()
            .SelectMany(row => row.Value.EnumerateObject().Select(cell => (Key: (UnitOf(cell.Name), EmotionOf(row.Name)), Count: cell.Value.GetInt32())))
            .ToDictionary(entry => entry.Key, entry => entry.Count);
        var n = root.GetProperty("n").GetInt32();
        if (emotions.Values.Sum() != n) throw new FormatException($"The emotions add up to {emotions.Values.Sum()} and not to n = {n}.");
        foreach (var ((unit, emotion), count) in together)
            if (count < 0 || count > emotions[emotion] || count > units[unit]) throw new FormatException($"AU{unit} cannot occur {count} times with {emotion.Name()}.");
        return FromCounts(
            root.GetProperty("version").GetString()!, root.GetProperty("source").GetString()!, n, emotions, units, together,
            root.GetProperty("smoothing").GetDouble(), root.GetProperty("minimumCount").GetInt32());
    });

    /// <summary>The weight in nats: above 0 the unit speaks for the emotion, below 0 against it; null when the unit was not counted often enough.</summary>
    public double? Weight(int unit, Emotion emotion) => weights.TryGetValue((unit, emotion), out var weight) ? weight : null;

    /// <summary>s(e | A): the sum of weights for each emotion; null when no claimed unit has weights.</summary>
    public IReadOnlyDictionary<Emotion, double>? Scores(IEnumerable<int> claimed)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        int[] usable = [.. claimed.Distinct().Where(ActionUnits.Contains)];
        return usable.Length == 0 ? null : Emotions.ToDictionary(emotion => emotion, emotion => usable.Sum(unit => weights[(unit, emotion)]));
    }

    private static Emotion EmotionOf(string name) =>
        Facs.Emotions.TryParse(name, out var emotion) ? emotion : throw new FormatException($"\"{name}\" is none of the labels {Facs.Emotions.List(Facs.Emotions.All)}.");

    private static int UnitOf(string code) =>
        Facs.ActionUnit.NumberOf(code) ?? throw new FormatException($"\"{code}\" is no code such as AU12.");
}
