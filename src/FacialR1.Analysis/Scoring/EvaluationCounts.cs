using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>
/// The measures of an evaluation as functions of summed counts, for intervals and for comparing two models sample by sample
/// (<see cref="Bootstrap.ResampleDifferences"/>).
/// </summary>
/// <remarks>
/// Columns: per unit 2·TP and support + predicted, per emotion correct, support and predicted, then hallucinated and verifiable mentions, covered and true
/// units. Samples without labels add zeros, so a measure without any label is undefined by itself.
/// </remarks>
/// <param name="vocabulary">The units annotated in this data, distinct.</param>
public sealed class EvaluationCounts(IReadOnlyList<int> vocabulary)
{
    /// <summary>Positions of the measures in the result of <see cref="Compute"/>; the F1 of the units follow from <see cref="FirstUnit"/> on.</summary>
    public const int AuMacroF1 = 0, AuMicroF1 = 1, EmotionMacroF1 = 2, EmotionBalancedAccuracy = 3, EmotionAccuracy = 4, Hallucination = 5, Coverage = 6, FirstUnit = 7;

    private static readonly int Classes = Emotions.All.Count;
    private readonly int emotionStart = 2 * vocabulary.Count;
    private readonly int ratioStart = 2 * vocabulary.Count + 3 * Classes;

    /// <summary>How many values <see cref="Compute"/> fills.</summary>
    public int Measures => FirstUnit + vocabulary.Count;

    /// <summary>What each sample adds.</summary>
    public CountTable Table(IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new CountTable(rows.Count, ratioStart + 4);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Labels.ActionUnits is not null) CountUnits(rows[i], table[i]);
            if (rows[i].Labels.Emotion is { } truth) CountEmotion(truth, rows[i].Emotion, table[i]);
        }
        return table;
    }

    /// <summary>From the summed columns of <see cref="Table"/> to the measures; NaN where one is not defined.</summary>
    public void Compute(ReadOnlySpan<int> totals, Span<double> values)
    {
        var (macro, defined, truePositives, sum) = (0.0, 0, 0, 0);
        for (var unit = 0; unit < vocabulary.Count; unit++)
        {
            var (hits, size) = (totals[2 * unit], totals[2 * unit + 1]);
            values[FirstUnit + unit] = Ratio(hits, size);
            (truePositives, sum) = (truePositives + hits, sum + size);
            if (size > 0) (macro, defined) = (macro + values[FirstUnit + unit], defined + 1);
        }
        values[AuMacroF1] = defined == 0 ? double.NaN : macro / defined;
        values[AuMicroF1] = Ratio(truePositives, sum);

        var (f1, f1Classes, recall, recallClasses, correct, labelled) = (0.0, 0, 0.0, 0, 0, 0);
        for (var emotion = 0; emotion < Classes; emotion++)
        {
            var column = totals.Slice(emotionStart + 3 * emotion, 3);
            if (column[1] + column[2] > 0) (f1, f1Classes) = (f1 + 2.0 * column[0] / (column[1] + column[2]), f1Classes + 1);
            if (column[1] > 0) (recall, recallClasses) = (recall + (double)column[0] / column[1], recallClasses + 1);
            (correct, labelled) = (correct + column[0], labelled + column[1]);
        }
        values[EmotionMacroF1] = f1Classes == 0 ? double.NaN : f1 / f1Classes;
        values[EmotionBalancedAccuracy] = recallClasses == 0 ? double.NaN : recall / recallClasses;
        values[EmotionAccuracy] = Ratio(correct, labelled);
        values[Hallucination] = Ratio(totals[ratioStart], totals[ratioStart + 1]);
        values[Coverage] = Ratio(totals[ratioStart + 2], totals[ratioStart + 3]);
    }

    internal IReadOnlyList<Interval?> Intervals(IReadOnlyList<EvaluationRow> rows, Pcg32 random, int resamples) =>
        [.. Bootstrap.Resample(Table(rows), Measures, Compute, random, resamples).Select(distribution => distribution.Interval())];

    private void CountUnits(EvaluationRow row, Span<int> counts)
    {
        var (claimed, truth) = (row.ClaimedWithin(vocabulary), row.TrueWithin(vocabulary));
        for (var unit = 0; unit < vocabulary.Count; unit++)
        {
            var (isClaimed, isTrue) = (claimed.Contains(vocabulary[unit]), truth.Contains(vocabulary[unit]));
            counts[2 * unit] = isClaimed && isTrue ? 2 : 0;
            counts[2 * unit + 1] = (isClaimed ? 1 : 0) + (isTrue ? 1 : 0);
        }
        counts[ratioStart] = row.MentionedActionUnits.Count(unit => vocabulary.Contains(unit) && !truth.Contains(unit));
        counts[ratioStart + 1] = row.MentionedActionUnits.Count(vocabulary.Contains);
        counts[ratioStart + 2] = claimed.Count(truth.Contains);
        counts[ratioStart + 3] = truth.Count;
    }

    private void CountEmotion(Emotion truth, Emotion? answer, Span<int> counts)
    {
        counts[emotionStart + 3 * (int)truth + 1] = 1;
        if (answer is not { } answered) return;
        counts[emotionStart + 3 * (int)answered + 2] = 1;
        if (answered == truth) counts[emotionStart + 3 * (int)truth] = 1;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? double.NaN : (double)part / whole;
}
