using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Similarity;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Comparison;

/// <summary>The measures that are no ratios of counts, as functions of summed values; the counterpart of <see cref="EvaluationCounts"/>.</summary>
/// <param name="vocabulary">The units annotated in this data.</param>
/// <param name="bins">Bins of the expected calibration error.</param>
public sealed class ResultValues(IReadOnlyList<int> vocabulary, int bins)
{
    /// <summary>Positions of the measures.</summary>
    public const int AuSampleF1 = 0, Brier = 1, RougeL = 2, MeanTokens = 3, CalibrationError = 4, Count = 5;

    // A sum and how many samples add to it, for each mean; then, per bin, the sum of (correct − confidence).
    private const int Means = 4;

    /// <summary>The measures of these answers, for any draw of them.</summary>
    public Resampled Of(IReadOnlyList<ResultRow> rows, IReadOnlyList<int>? clusters)
    {
        var table = Table(rows);
        return Resampled.From(clusters is null ? table : table.SumBy(clusters), Count, Compute);
    }

    private ValueTable Table(IReadOnlyList<ResultRow> rows)
    {
        var table = new ValueTable(rows.Count, 2 * Means + bins);
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            var values = table[index];
            if (row.Reading.Labels.ActionUnits is not null)
                Add(values, AuSampleF1, ResponseScorer.F1(row.Reading.ClaimedWithin(vocabulary), row.Reading.TrueWithin(vocabulary)));
            if (row.Reference is { } reference && Rouge.AppliesTo(reference))
                Add(values, RougeL, Rouge.L(Thought(reference), Thought(row.Text)).F);
            Add(values, MeanTokens, row.Tokens);
            if (row is not { Confidence: { } confidence, IsRight: { } right }) continue;
            var answer = new ConfidentAnswer(confidence, right);
            Add(values, Brier, Calibration.SquaredError(answer));
            values[2 * Means + Calibration.BinOf(confidence, bins)] += (right ? 1 : 0) - confidence;
        }
        return table;
    }

    private static void Compute(ReadOnlySpan<double> totals, Span<double> values)
    {
        for (var mean = 0; mean < Means; mean++)
            values[mean] = totals[2 * mean + 1] == 0 ? double.NaN : totals[2 * mean] / totals[2 * mean + 1];
        var gaps = 0.0;
        foreach (var gap in totals[(2 * Means)..]) gaps += Math.Abs(gap);
        values[CalibrationError] = totals[2 * Brier + 1] == 0 ? double.NaN : gaps / totals[2 * Brier + 1];
    }

    private static void Add(Span<double> values, int mean, double value) => (values[2 * mean], values[2 * mean + 1]) = (value, 1);

    /// <summary>Only the think block is compared, so that equal answers do not raise the overlap.</summary>
    internal static string Thought(string text) => ReasoningParser.Parse(text) is { Think: { } think } ? think.Of(text).ToString() : text;
}
