using System.Text.Json;
using System.Text.Json.Serialization;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Comparison;

/// <summary>Samples of one model that the others did not answer.</summary>
public sealed record DroppedSamples(string Name, int Samples);

/// <summary>Changes of every unit from one model to another.</summary>
public sealed record UnitChanges(string Earlier, string Later, IReadOnlyList<ActionUnitChange> Units);

/// <summary>
/// Two to four models on the same samples: every measure with its interval, every difference with a paired interval and a test, where outcomes went and
/// which units changed (measures.md, section 5).
/// </summary>
/// <remarks>
/// Only samples that all models answered count. All intervals come from the same resamples; where every sample has a subject, subjects are resampled,
/// because photos of one person are alike. Rates of single answers are tested with McNemar's exact test (over subjects: with the bootstrap), everything else
/// with the bootstrap. Holm adjusts over all tests of this comparison.
/// </remarks>
public sealed record PairedComparison
{
    /// <summary>The most models that are compared at once.</summary>
    public const int MostModels = 4;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>In the order given: from the earlier stage to the later.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Samples that all models answered.</summary>
    public required int N { get; init; }

    /// <summary>Subjects that are resampled; null when samples are.</summary>
    public required int? Subjects { get; init; }

    /// <summary>What was left out, per model.</summary>
    public required IReadOnlyList<DroppedSamples> Dropped { get; init; }

    /// <summary>The units that could be checked.</summary>
    public required IReadOnlyList<int> Vocabulary { get; init; }

    /// <summary>Every measure of every model.</summary>
    public required IReadOnlyList<ComparedMeasure> Measures { get; init; }

    /// <summary>Every measure of every pair.</summary>
    public required IReadOnlyList<MeasureDifference> Differences { get; init; }

    /// <summary>Tests that Holm adjusts over.</summary>
    public required int Family { get; init; }

    /// <summary>From each model to the next.</summary>
    public required IReadOnlyList<OutcomeFlow> Flows { get; init; }

    /// <summary>Of every pair.</summary>
    public required IReadOnlyList<UnitChanges> UnitChanges { get; init; }

    /// <summary>Of every pair.</summary>
    public required IReadOnlyList<SampleChangeCounts> SampleChanges { get; init; }

    /// <summary>Resamples behind the intervals.</summary>
    public required int Resamples { get; init; }

    /// <summary>Seed of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How intervals were read from the resamples.</summary>
    public required IntervalKind Intervals { get; init; }

    /// <summary>How the measures were defined.</summary>
    public string MeasuresVersion { get; init; } = ComparisonMeasure.Version;

    /// <summary>How responses were read.</summary>
    public string ParserVersion { get; init; } = ReasoningParser.Version;

    /// <summary>The answers that were compared: the same samples in the same order for every model.</summary>
    [JsonIgnore]
    public IReadOnlyList<ResultSet> Aligned { get; init; } = [];

    /// <summary>Compares.</summary>
    /// <param name="sets">Two to four, from the earlier stage to the later.</param>
    /// <param name="seed">Of the bootstrap; the same answers and seed give the same comparison.</param>
    /// <param name="resamples">How often to draw.</param>
    /// <param name="intervals">How to read intervals from the resamples; tests do not depend on it.</param>
    /// <param name="cancellationToken">Checked between resamples.</param>
    /// <exception cref="ArgumentException">Not two to four models, equal names, no common sample, or models that were not measured against the same labels.</exception>
    public static PairedComparison Of(
        IReadOnlyList<ResultSet> sets, ulong seed = 0, int resamples = Bootstrap.DefaultResamples, IntervalKind intervals = IntervalKind.Percentile, CancellationToken cancellationToken = default)
    {
        var aligned = ResultAlignment.Of(sets);
        var (rows, vocabulary) = (aligned[0].Rows, aligned[0].Vocabulary);
        var clusters = SubjectClusters.Of([.. rows.Select(row => row.Subject)]);
        var values = new ResultValues(vocabulary, Calibration.DefaultBins(rows.Count));
        var counts = new EvaluationCounts(vocabulary);
        Resampled[] sides = [.. aligned.Select(set => values.Of(set.Rows, clusters).With(counts.Of([.. set.Rows.Select(row => row.Reading)], clusters)))];
        var observed = sides.Select(side => side.Observed()).ToArray();
        var joint = Bootstrap.Resample(sides, new Pcg32(seed, stream: 0x434f4d50), resamples, cancellationToken);

        ComparedMeasure[] measures = [.. ComparisonMeasure.All.Select(measure => Measure(measure, aligned, observed, joint, intervals))];
        var differences = new List<(ComparisonMeasure Measure, MeasureDifference Difference)>();
        foreach (var (earlier, later) in Pairs(aligned.Count))
            foreach (var measure in ComparisonMeasure.All)
                differences.Add((measure, Difference(measure, aligned, earlier, later, observed, joint, intervals, clusters is not null)));
        var tested = differences.Where(row => row.Difference.P is not null).Select(row => row.Difference.P!.Value).ToArray();
        var adjusted = new Queue<double>(Holm.Adjust(tested));

        return new PairedComparison
        {
            Names = [.. aligned.Select(set => set.Name)],
            N = rows.Count,
            Subjects = clusters?.Max() + 1,
            Dropped = [.. sets.Select(set => new DroppedSamples(set.Name, set.Rows.Count - rows.Count))],
            Vocabulary = vocabulary,
            Measures = measures,
            Differences = [.. differences.Select(row => row.Difference.Judged(row.Measure, row.Difference.P is null ? null : adjusted.Dequeue(), tested.Length))],
            Family = tested.Length,
            Flows = [.. aligned.Zip(aligned.Skip(1), OutcomeFlow.Of)],
            UnitChanges = [.. Pairs(aligned.Count).Select(pair => new UnitChanges(
                aligned[pair.Earlier].Name, aligned[pair.Later].Name, ActionUnitChange.Of(aligned[pair.Earlier], aligned[pair.Later], clusters is null)))],
            SampleChanges = [.. Pairs(aligned.Count).Select(pair => SampleChangeCounts.Of(aligned[pair.Earlier], aligned[pair.Later]))],
            Resamples = resamples,
            Seed = seed,
            Intervals = intervals,
            Aligned = aligned,
        };
    }

    /// <summary>One JSON object with camel-case names: what <c>compare --json</c> prints.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static IEnumerable<(int Earlier, int Later)> Pairs(int models) =>
        from earlier in Enumerable.Range(0, models) from later in Enumerable.Range(earlier + 1, models - earlier - 1) select (earlier, later);

    private static ComparedMeasure Measure(ComparisonMeasure measure, IReadOnlyList<ResultSet> sets, double[][] observed, JointResamples joint, IntervalKind intervals)
    {
        int[] n = [.. sets.Select(set => set.Rows.Count(measure.Covers))];
        // Resamples of a handful of samples know too little of what else might have been drawn.
        Estimate?[] estimates =
            [.. sets.Select((_, side) => Estimate.Of(Defined(observed[side][measure.Index]), n[side] < MeasureDifference.FewestSamples ? null : joint.IntervalOf(side, measure.Index, intervals)))];
        return new ComparedMeasure(
            measure.Id, measure.Name, measure.Direction, measure.IsShare, estimates, n,
            estimates.Any(estimate => estimate is null) ? measure.WhyNot : null);
    }

    private static MeasureDifference Difference(
        ComparisonMeasure measure, IReadOnlyList<ResultSet> sets, int earlier, int later, double[][] observed, JointResamples joint, IntervalKind intervals, bool clustered)
    {
        var (before, after) = (sets[earlier], sets[later]);
        var n = Math.Min(before.Rows.Count(measure.Covers), after.Rows.Count(measure.Covers));
        var difference = new MeasureDifference(
            measure.Id, before.Name, after.Name, n, Defined(observed[later][measure.Index] - observed[earlier][measure.Index]), null, null, null, null, null, null, default, "");
        if (difference.Difference is null || n < MeasureDifference.FewestSamples) return difference;

        var distribution = joint.Difference(earlier, later, measure.Index);
        var interval = joint.DifferenceInterval(earlier, later, measure.Index, intervals);
        difference = difference with { Low = interval?.Low, High = interval?.High };
        if (measure.Direction == Direction.Descriptive) return difference;
        if (measure.Flag is not { } flag) return difference with { Test = clustered ? "paired bootstrap over subjects" : "paired bootstrap", P = distribution.TwoSidedP };

        var flags = before.Rows.Zip(after.Rows, (a, b) => (Before: flag(a, before.Vocabulary), After: flag(b, after.Vocabulary))).ToArray();
        var (onlyBefore, onlyAfter) = (flags.Count(pair => pair is { Before: true, After: false }), flags.Count(pair => pair is { Before: false, After: true }));
        difference = difference with { OnlyEarlier = onlyBefore, OnlyLater = onlyAfter };
        if (clustered) return difference with { Test = "paired bootstrap over subjects", P = distribution.TwoSidedP };
        return difference with { Test = "McNemar exact", P = McNemar.ExactP(onlyBefore, onlyAfter), MidP = McNemar.MidP(onlyBefore, onlyAfter) };
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
