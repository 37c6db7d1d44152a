using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>Brings the answers of several models to the same samples in the same order.</summary>
internal static class ResultAlignment
{
    /// <exception cref="ArgumentException">Not two to four models, equal names, no common sample, or different labels for one sample.</exception>
    public static IReadOnlyList<ResultSet> Of(IReadOnlyList<ResultSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count is < 2 or > PairedComparison.MostModels) throw new ArgumentException($"Two to {PairedComparison.MostModels} models can be compared, not {sets.Count}.");
        if (sets.CountBy(set => set.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"Two of the models are called \"{twice}\". Give each a name of its own.");
        if (sets.FirstOrDefault(set => !set.Vocabulary.Order().SequenceEqual(sets[0].Vocabulary.Order())) is { } other)
            throw new ArgumentException($"{sets[0].Name} and {other.Name} were measured with different sets of action units; evaluate both on the same benchmark.");

        var bySample = sets.Select(set => IndexOf(set)).ToArray();
        string[] common = [.. sets[0].Rows.Select(row => row.Sample).Where(sample => bySample.All(index => index.ContainsKey(sample)))];
        if (common.Length == 0) throw new ArgumentException($"{string.Join(", ", sets.Select(set => set.Name))} have no sample in common; evaluate them on the same benchmark.");
        foreach (var sample in common)
            for (var set = 1; set < sets.Count; set++)
                if (!SameLabels(bySample[0][sample].Reading.Labels, bySample[set][sample].Reading.Labels))
                    throw new ArgumentException($"Sample \"{sample}\" has other labels in {sets[set].Name} than in {sets[0].Name}; evaluate both on the same version of the benchmark.");
        return [.. sets.Select((set, at) => set with { Vocabulary = sets[0].Vocabulary, Rows = [.. common.Select(sample => bySample[at][sample])] })];
    }

    private static Dictionary<string, ResultRow> IndexOf(ResultSet set)
    {
        var index = new Dictionary<string, ResultRow>(set.Rows.Count, StringComparer.Ordinal);
        foreach (var row in set.Rows)
            if (!index.TryAdd(row.Sample, row)) throw new ArgumentException($"Sample \"{row.Sample}\" was answered twice in {set.Name}.");
        return index;
    }

    private static bool SameLabels(ResponseLabels a, ResponseLabels b) =>
        a.Emotion == b.Emotion && a.ActionUnits is null == b.ActionUnits is null && (a.ActionUnits is null || a.ActionUnits.ToHashSet().SetEquals(b.ActionUnits!));
}
