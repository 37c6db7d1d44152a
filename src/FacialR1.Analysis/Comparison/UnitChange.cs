namespace FacialR1.Analysis.Comparison;

/// <summary>What happened to the claim of one unit about one sample from one model to the next.</summary>
public enum UnitChange
{
    /// <summary>It is there; only the later model names it.</summary>
    Gained,

    /// <summary>It is there; only the earlier model names it.</summary>
    Lost,

    /// <summary>It is not there; only the later model names it.</summary>
    NewlyHallucinated,

    /// <summary>It is not there; only the earlier model names it.</summary>
    Corrected,

    /// <summary>It is there and both name it.</summary>
    KeptRight,

    /// <summary>It is not there and both name it.</summary>
    KeptHallucinated,
}

/// <summary>Compares two answers to one sample by one unit.</summary>
public static class UnitChangeKinds
{
    /// <summary>Null when neither names the unit, or the sample has no unit labels.</summary>
    public static UnitChange? Of(ResultRow earlier, ResultRow later, int unit)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        if (earlier.Reading.Labels.ActionUnits is not { } labels) return null;
        return (labels.Contains(unit), earlier.Reading.MentionedActionUnits.Contains(unit), later.Reading.MentionedActionUnits.Contains(unit)) switch
        {
            (true, false, true) => UnitChange.Gained,
            (true, true, false) => UnitChange.Lost,
            (false, false, true) => UnitChange.NewlyHallucinated,
            (false, true, false) => UnitChange.Corrected,
            (true, true, true) => UnitChange.KeptRight,
            (false, true, true) => UnitChange.KeptHallucinated,
            _ => null,
        };
    }
}
