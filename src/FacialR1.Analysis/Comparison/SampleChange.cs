namespace FacialR1.Analysis.Comparison;

/// <summary>What happened to the answer of one sample from one model to the next.</summary>
[Flags]
public enum SampleChange
{
    None = 0,

    /// <summary>Wrong before, right after.</summary>
    Fixed = 1,

    /// <summary>Right before, wrong after.</summary>
    Broken = 2,

    BothRight = 4,

    BothWrong = 8,

    /// <summary>The two name different emotions, or only one can be read.</summary>
    Disagree = 16,

    /// <summary>The two name different sets of units.</summary>
    ReasoningChanged = 32,
}

/// <summary>Compares two answers to one sample.</summary>
public static class SampleChanges
{
    /// <summary>The single flags, in the order they are shown.</summary>
    public static IReadOnlyList<SampleChange> All { get; } = [.. Enum.GetValues<SampleChange>().Where(change => change != SampleChange.None)];

    /// <summary>All that holds. Without an emotion label neither is right or wrong.</summary>
    public static SampleChange Of(ResultRow earlier, ResultRow later)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        var change = (earlier.IsRight, later.IsRight) switch
        {
            (false, true) => SampleChange.Fixed,
            (true, false) => SampleChange.Broken,
            (true, true) => SampleChange.BothRight,
            (false, false) => SampleChange.BothWrong,
            _ => SampleChange.None,
        };
        if (earlier.Reading.Emotion != later.Reading.Emotion) change |= SampleChange.Disagree;
        if (!earlier.Reading.MentionedActionUnits.ToHashSet().SetEquals(later.Reading.MentionedActionUnits)) change |= SampleChange.ReasoningChanged;
        return change;
    }
}

/// <summary>How many samples changed in which way.</summary>
/// <param name="Earlier">Name of the model that comes first.</param>
/// <param name="Later">Name of the other.</param>
/// <param name="Samples">Compared.</param>
public sealed record SampleChangeCounts(string Earlier, string Later, int Samples, int Fixed, int Broken, int BothRight, int BothWrong, int Disagree, int ReasoningChanged)
{
    internal static SampleChangeCounts Of(ResultSet earlier, ResultSet later)
    {
        var changes = earlier.Rows.Zip(later.Rows, SampleChanges.Of).ToArray();
        int Count(SampleChange change) => changes.Count(found => found.HasFlag(change));
        return new SampleChangeCounts(
            earlier.Name, later.Name, changes.Length, Count(SampleChange.Fixed), Count(SampleChange.Broken), Count(SampleChange.BothRight), Count(SampleChange.BothWrong),
            Count(SampleChange.Disagree), Count(SampleChange.ReasoningChanged));
    }
}
