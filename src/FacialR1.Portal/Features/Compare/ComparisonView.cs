using FacialR1.Analysis.Comparison;

namespace FacialR1.Portal.Features.Compare;

/// <summary>A comparison as somebody looks at it: the pair, and the samples behind the number that was clicked.</summary>
public sealed class ComparisonView
{
    private readonly ResultComparison source;

    private ComparisonView(ResultComparison source, CompareQuery query, IReadOnlyList<ComparedSample> all)
    {
        var comparison = source.Comparison;
        (this.source, Query, All) = (source, query, all);
        (EarlierIndex, LaterIndex) = query.PairOf(comparison.Names.Count);
        Samples = query.Filter.Of(all, comparison.Vocabulary).Sort(query.Order, query.IsDescending);
    }

    public PairedComparison Comparison => source.Comparison;

    /// <summary>What a reader must know about labels and results.</summary>
    public IReadOnlyList<string> Notes => source.Notes;
    public CompareQuery Query { get; }

    /// <summary>Every sample of the pair.</summary>
    public IReadOnlyList<ComparedSample> All { get; }

    /// <summary>Those asked for, sorted.</summary>
    public IReadOnlyList<ComparedSample> Samples { get; }

    public int EarlierIndex { get; }
    public int LaterIndex { get; }
    public string Earlier => Comparison.Names[EarlierIndex];
    public string Later => Comparison.Names[LaterIndex];
    public int Pages => Math.Max(1, (Samples.Count + CompareQuery.PageSize - 1) / CompareQuery.PageSize);

    /// <summary>The page asked for, or the last.</summary>
    public int Page => Math.Min(Query.Page, Pages);
    public IEnumerable<ComparedSample> OnPage => Samples.Skip((Page - 1) * CompareQuery.PageSize).Take(CompareQuery.PageSize);

    /// <summary>Every measure of the pair that is defined.</summary>
    public IEnumerable<(ComparedMeasure Measure, MeasureDifference Difference)> Differences =>
        from difference in Comparison.Differences
        where difference.Earlier == Earlier && difference.Later == Later && difference.Verdict != Verdict.NotDefined
        select (Comparison.Measures.First(measure => measure.Id == difference.Measure), difference);

    /// <summary>Those that are not, with the reason.</summary>
    public IEnumerable<ComparedMeasure> NotDefined => Comparison.Measures.Where(measure => measure.WhyNot is not null);

    public IReadOnlyList<ActionUnitChange> Units => Comparison.UnitChanges.First(changes => changes.Earlier == Earlier && changes.Later == Later).Units;

    public SampleChangeCounts Counts => Comparison.SampleChanges.First(changes => changes.Earlier == Earlier && changes.Later == Later);

    /// <summary>Opens a comparison, keeping what another look at the same pair has worked out.</summary>
    public static ComparisonView Of(ResultComparison source, CompareQuery query, ComparisonView? before = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(query);
        var comparison = source.Comparison;
        var (earlier, later) = query.PairOf(comparison.Names.Count);
        var isSame = before is not null && ReferenceEquals(before.Comparison, comparison) && (before.EarlierIndex, before.LaterIndex) == (earlier, later);
        return new ComparisonView(source, query, isSame ? before!.All : ComparedSample.Of(comparison, earlier, later));
    }
}
