using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>How a part of the samples does against the rest of them.</summary>
/// <param name="Slice">The part.</param>
/// <param name="Rate">Its share of hits, with Wilson's 95% interval.</param>
/// <param name="RestRate">Share of hits among all other samples; null when there are none.</param>
/// <param name="P">Fisher's exact test against the rest; null when the part or the rest is too small to be tested.</param>
/// <param name="AdjustedP">After Holm over all tested parts, so that the worst of many is not taken for bad by chance.</param>
public sealed record SliceScore(SliceCount Slice, Estimate Rate, double? RestRate, double? P, double? AdjustedP)
{
    /// <summary>Smaller parts are shown and not tested.</summary>
    public const int FewestSamples = 20;

    /// <summary>Rate − rate of the rest; null when there is no rest.</summary>
    public double? Difference => Rate.Value - RestRate;

    /// <summary>Scores all parts; those without samples are left out.</summary>
    /// <param name="slices">Parts of the same samples; they may overlap.</param>
    /// <param name="hits">Over all samples.</param>
    /// <param name="samples">All.</param>
    /// <remarks>The test takes samples to be independent. Photos of one subject are alike, so with subjects a small p is too small.</remarks>
    public static IReadOnlyList<SliceScore> Of(IEnumerable<SliceCount> slices, int hits, int samples)
    {
        ArgumentNullException.ThrowIfNull(slices);
        SliceScore[] scores = [.. slices.Where(slice => slice.Samples > 0).Select(slice =>
        {
            var interval = Wilson.Interval(slice.Hits, slice.Samples)!.Value;
            var (restHits, rest) = (hits - slice.Hits, samples - slice.Samples);
            return new SliceScore(slice, new Estimate((double)slice.Hits / slice.Samples, interval.Low, interval.High), rest == 0 ? null : (double)restHits / rest,
                slice.Samples < FewestSamples || rest < FewestSamples ? null : FisherExact.TwoSidedP(slice.Hits, slice.Samples, restHits, rest), null);
        })];
        var adjusted = new Queue<double>(Holm.Adjust([.. scores.Where(score => score.P is not null).Select(score => score.P!.Value)]));
        return [.. scores.Select(score => score.P is null ? score : score with { AdjustedP = adjusted.Dequeue() })];
    }

    /// <summary>The parts that do worst against the rest, established ones first: where the difference stands after Holm, then by how much.</summary>
    /// <param name="scores">Of one measure.</param>
    /// <param name="isHigherBetter">Whether a high rate is good.</param>
    public static IReadOnlyList<SliceScore> Worst(IEnumerable<SliceScore> scores, bool isHigherBetter) =>
        [.. scores.Where(score => score is { P: not null, Difference: { } difference } && (isHigherBetter ? difference < 0 : difference > 0))
            .OrderByDescending(score => score.AdjustedP < 0.05).ThenByDescending(score => Math.Abs(score.Difference!.Value)).ThenBy(score => score.Slice.Name, StringComparer.Ordinal)];
}
