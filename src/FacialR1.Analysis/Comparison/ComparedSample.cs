using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>One sample as two of the compared models answered it, beside the answers of all.</summary>
/// <param name="Number">Its place in the benchmark, from 0.</param>
/// <param name="Answers">One per model, in the order of the comparison.</param>
/// <param name="Earlier">Of the pair that is looked at.</param>
/// <param name="Later">The other.</param>
/// <param name="Change">What happened to the answer.</param>
/// <param name="UnitF1Change">F1 of the named units, later − earlier; null without unit labels.</param>
public sealed record ComparedSample(int Number, IReadOnlyList<ResultRow> Answers, ResultRow Earlier, ResultRow Later, SampleChange Change, double? UnitF1Change)
{
    /// <summary>The id of the sample.</summary>
    public string Id => Earlier.Sample;

    /// <summary>How much better the later answer is, from −2 to 2: the label right or not, plus the F1 of the units.</summary>
    public double Gain => (Later.IsRight, Earlier.IsRight) switch { (true, false) => 1, (false, true) => -1, _ => 0 } + (UnitF1Change ?? 0);

    /// <summary>Difference of the probabilities of the answers given, later − earlier; null where one is not known.</summary>
    public double? ConfidenceChange => Later.Confidence - Earlier.Confidence;

    /// <summary>Share of the words of both texts that the other lacks, from 0 (same words) to 1.</summary>
    public double TextChange => textChange ??= WordsApart(Earlier.Text, Later.Text);

    private double? textChange;

    /// <summary>The samples of a comparison, looked at from one model to another.</summary>
    /// <param name="comparison">With its answers.</param>
    /// <param name="earlier">Position of the model that comes first.</param>
    /// <param name="later">Position of the other.</param>
    public static IReadOnlyList<ComparedSample> Of(PairedComparison comparison, int earlier, int later)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (sets, vocabulary) = (comparison.Aligned, comparison.Vocabulary);
        var samples = new ComparedSample[comparison.N];
        for (var number = 0; number < samples.Length; number++)
        {
            var (before, after) = (sets[earlier].Rows[number], sets[later].Rows[number]);
            samples[number] = new ComparedSample(number, [.. sets.Select(set => set.Rows[number])], before, after, SampleChanges.Of(before, after), F1(after, vocabulary) - F1(before, vocabulary));
        }
        return samples;
    }

    private static double? F1(ResultRow row, IReadOnlyCollection<int> vocabulary) =>
        row.Reading.Labels.ActionUnits is null ? null : ResponseScorer.F1(row.Reading.ClaimedWithin(vocabulary), row.Reading.TrueWithin(vocabulary));

    private static double WordsApart(string before, string after)
    {
        if (before == after) return 0;
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        foreach (var word in before.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) (words[word], total) = (words.GetValueOrDefault(word) + 1, total + 1);
        foreach (var word in after.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) (words[word], total) = (words.GetValueOrDefault(word) - 1, total + 1);
        return total == 0 ? 0 : (double)words.Values.Sum(Math.Abs) / total;
    }
}
