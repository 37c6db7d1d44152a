namespace FacialR1.Analysis.Statistics;

/// <summary>Samples of one subject are alike and are drawn together, or an interval is too narrow.</summary>
public static class SubjectClusters
{
    /// <summary>The subject of each sample, numbered from 0; null when a sample has none or no subject has two samples, so that samples are drawn one by one.</summary>
    public static IReadOnlyList<int>? Of(IReadOnlyList<string?> subjects)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        if (subjects.Any(subject => subject is null)) return null;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] clusters = [.. subjects.Select(subject => numbers.TryGetValue(subject!, out var number) ? number : numbers[subject!] = numbers.Count)];
        return numbers.Count == subjects.Count ? null : clusters;
    }
}
