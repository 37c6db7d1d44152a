namespace FacialR1.Analysis.Comparison;

/// <summary>What samples are sorted by; samples without the value come last, ties stay in the order of the benchmark.</summary>
public enum SampleOrder
{
    /// <summary>As the benchmark lists them.</summary>
    Benchmark,

    /// <summary>By <see cref="ComparedSample.Gain"/>.</summary>
    Gain,

    /// <summary>By the change of the F1 of the units.</summary>
    UnitF1,

    /// <summary>By the change of the answer's probability.</summary>
    Confidence,

    /// <summary>By how many words changed.</summary>
    Text,
}

/// <summary>Sorts samples.</summary>
public static class SampleOrders
{
    /// <summary>The samples, smallest first unless <paramref name="descending"/>.</summary>
    public static IReadOnlyList<ComparedSample> Sort(this IReadOnlyList<ComparedSample> samples, SampleOrder order, bool descending)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (order == SampleOrder.Benchmark) return descending ? [.. samples.Reverse()] : samples;
        double? Key(ComparedSample sample) => order switch
        {
            SampleOrder.Gain => sample.Gain,
            SampleOrder.UnitF1 => sample.UnitF1Change,
            SampleOrder.Confidence => sample.ConfidenceChange,
            _ => sample.TextChange,
        };
        var keyed = samples.Select(sample => (Sample: sample, Key: Key(sample))).OrderBy(row => row.Key is null);
        return [.. (descending ? keyed.ThenByDescending(row => row.Key) : keyed.ThenBy(row => row.Key)).Select(row => row.Sample)];
    }
}
