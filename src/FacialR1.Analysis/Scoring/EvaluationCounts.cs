using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>
/// The measures of an evaluation as functions of summed counts, for intervals and for comparing two models sample by sample
/// (<see cref="Bootstrap.ResampleDifferences"/>).
/// </summary>
/// <remarks>
/// Columns: per unit 2·TP and support + predicted, per emotion correct, support and predicted, then the ratios of <see cref="RatioColumns"/>, part before
/// whole. Samples without labels add zeros, so a measure without any label is undefined by itself.
/// </remarks>
/// <param name="vocabulary">The units annotated in this data, distinct.</param>
public sealed class EvaluationCounts(IReadOnlyList<int> vocabulary)
{
    /// <summary>Positions of the measures in the result of <see cref="Compute"/>; the F1 of the units follow from <see cref="FirstUnit"/> on, then the recall of the emotions.</summary>
    public const int AuMacroF1 = 0, AuMicroF1 = 1, EmotionMacroF1 = 2, EmotionBalancedAccuracy = 3, EmotionAccuracy = 4, Hallucination = 5, Coverage = 6,
        UnitHallucination = 7, HallucinatingResponses = 8, RightReasons = 9, WrongReasons = 10, FormatRate = 11, UnparsedRate = 12, MeanMentions = 13, FirstUnit = 14;

    /// <summary>The measures that are one count over another, in the order of their columns.</summary>
    private static readonly int[] RatioColumns =
        [Hallucination, Coverage, UnitHallucination, HallucinatingResponses, RightReasons, WrongReasons, FormatRate, UnparsedRate, MeanMentions];

    private static readonly int Classes = Emotions.All.Count;
    private readonly int emotionStart = 2 * vocabulary.Count;
    private readonly int ratioStart = 2 * vocabulary.Count + 3 * Classes;

    /// <summary>How many values <see cref="Compute"/> fills.</summary>
    public int Measures => FirstRecall + Classes;

    /// <summary>Position of the recall of the first emotion; the others follow in canonical order.</summary>
    public int FirstRecall => FirstUnit + vocabulary.Count;

    /// <summary>What each sample adds.</summary>
    public CountTable Table(IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new CountTable(rows.Count, ratioStart + 2 * RatioColumns.Length);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Labels.ActionUnits is not null) CountUnits(rows[i], table[i]);
            if (rows[i].Labels.Emotion is { } truth) CountEmotion(truth, rows[i].Emotion, table[i]);
            if (AnswerOutcomes.Of(rows[i], vocabulary) is { } outcome)
            {
                Add(table[i], RightReasons, outcome == AnswerOutcome.RightForTheRightReasons ? 1 : 0, 1);
                Add(table[i], WrongReasons, outcome == AnswerOutcome.RightForTheWrongReasons ? 1 : 0, 1);
            }
            Add(table[i], FormatRate, rows[i].FormatOk ? 1 : 0, 1);
            Add(table[i], UnparsedRate, rows[i].Emotion is null ? 1 : 0, 1);
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
            values[FirstRecall + emotion] = Ratio(column[0], column[1]);
            if (column[1] > 0) (recall, recallClasses) = (recall + values[FirstRecall + emotion], recallClasses + 1);
            (correct, labelled) = (correct + column[0], labelled + column[1]);
        }
        values[EmotionMacroF1] = f1Classes == 0 ? double.NaN : f1 / f1Classes;
        values[EmotionBalancedAccuracy] = recallClasses == 0 ? double.NaN : recall / recallClasses;
        values[EmotionAccuracy] = Ratio(correct, labelled);
        for (var ratio = 0; ratio < RatioColumns.Length; ratio++)
            values[RatioColumns[ratio]] = Ratio(totals[ratioStart + 2 * ratio], totals[ratioStart + 2 * ratio + 1]);
    }

    /// <summary>The measures of these rows, for any draw of them.</summary>
    /// <param name="rows">One per sample.</param>
    /// <param name="clusters">The subject of each row, numbered from 0; null when samples are drawn one by one.</param>
    internal Resampled Of(IReadOnlyList<EvaluationRow> rows, IReadOnlyList<int>? clusters)
    {
        var table = Table(rows);
        return Resampled.From(clusters is null ? table : table.SumBy(clusters), Measures, Compute);
    }

    internal IReadOnlyList<Interval?> Intervals(IReadOnlyList<EvaluationRow> rows, IReadOnlyList<int>? clusters, Pcg32 random, int resamples)
    {
        var joint = Bootstrap.Resample([Of(rows, clusters)], random, resamples);
        return [.. Enumerable.Range(0, Measures).Select(measure => joint.Of(0, measure).Interval())];
    }

    private void CountUnits(EvaluationRow row, Span<int> counts)
    {
        var (claimed, truth) = (row.ClaimedWithin(vocabulary), row.TrueWithin(vocabulary));
        for (var unit = 0; unit < vocabulary.Count; unit++)
        {
            var (isClaimed, isTrue) = (claimed.Contains(vocabulary[unit]), truth.Contains(vocabulary[unit]));
            counts[2 * unit] = isClaimed && isTrue ? 2 : 0;
            counts[2 * unit + 1] = (isClaimed ? 1 : 0) + (isTrue ? 1 : 0);
        }
        var verifiable = row.MentionedActionUnits.Count(vocabulary.Contains);
        var hallucinated = row.MentionedActionUnits.Count(unit => vocabulary.Contains(unit) && !truth.Contains(unit));
        Add(counts, Hallucination, hallucinated, verifiable);
        Add(counts, UnitHallucination, claimed.Count(unit => !truth.Contains(unit)), claimed.Count);
        Add(counts, HallucinatingResponses, hallucinated > 0 ? 1 : 0, 1);
        Add(counts, Coverage, claimed.Count(truth.Contains), truth.Count);
        Add(counts, MeanMentions, verifiable, 1);
    }

    private void Add(Span<int> counts, int measure, int part, int whole)
    {
        var column = ratioStart + 2 * Array.IndexOf(RatioColumns, measure);
        (counts[column], counts[column + 1]) = (counts[column] + part, counts[column + 1] + whole);
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
