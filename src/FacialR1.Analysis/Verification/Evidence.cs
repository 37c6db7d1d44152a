using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Verification;

/// <summary>What is known about one unit on one face.</summary>
/// <param name="ActionUnit">The unit.</param>
/// <param name="Source">Where it comes from, in words for a reader ("annotation", "landmark estimate").</param>
/// <param name="Value">Estimates: probability or score in [0, 1]; null for annotation.</param>
/// <param name="PresentFrom">Estimates: from this value on the unit counts as present.</param>
/// <param name="AbsentBelow">Estimates: below this value it counts as absent; between the two nothing is decided.</param>
/// <param name="IsPresent">What follows; null when nothing is decided.</param>
public sealed record UnitEvidence(int ActionUnit, string Source, double? Value, double? PresentFrom, double? AbsentBelow, bool? IsPresent)
{
    /// <summary>Estimates are not labels and must be shown as such.</summary>
    public bool IsEstimate => Value is not null;
}

/// <summary>What is known about the units of one face: annotation, or estimates where there is none. Without any, every claim is unverifiable.</summary>
public sealed class FaceEvidence
{
    private readonly Dictionary<int, UnitEvidence> units;

    private FaceEvidence(IEnumerable<UnitEvidence> units) => this.units = units.ToDictionary(unit => unit.ActionUnit);

    /// <summary>Nothing is known.</summary>
    public static FaceEvidence None { get; } = new([]);

    /// <summary>Known units, ascending.</summary>
    public IReadOnlyList<UnitEvidence> Units => [.. units.Values.OrderBy(unit => unit.ActionUnit)];

    /// <summary>Units known to be present, ascending.</summary>
    public IReadOnlyList<int> Present => [.. units.Values.Where(unit => unit.IsPresent == true).Select(unit => unit.ActionUnit).Order()];

    public bool IsEmpty => units.Count == 0;

    /// <summary>Some of it is estimated and not annotated.</summary>
    public bool HasEstimates => units.Values.Any(unit => unit.IsEstimate);

    /// <summary>What is known of a unit; null when nothing is.</summary>
    public UnitEvidence? Of(int unit) => units.GetValueOrDefault(unit);

    /// <summary>Labels of a person or a data set.</summary>
    /// <param name="present">Units labelled as present.</param>
    /// <param name="annotated">Units that were looked for; null: all known ones.</param>
    /// <param name="source">Where the labels come from.</param>
    public static FaceEvidence Annotated(IReadOnlyCollection<int> present, IReadOnlyCollection<int>? annotated = null, string source = "annotation")
    {
        ArgumentNullException.ThrowIfNull(present);
        var looked = annotated ?? [.. ActionUnits.All.Select(unit => unit.Number)];
        return new FaceEvidence(looked.Distinct().Select(unit => new UnitEvidence(unit, source, null, null, null, present.Contains(unit))));
    }

    /// <summary>Scores with thresholds.</summary>
    /// <param name="scores">Per unit: value in [0, 1], and the two thresholds (the same twice leaves nothing undecided).</param>
    /// <param name="source">What made them.</param>
    /// <exception cref="ArgumentException">A threshold for absence lies above the one for presence.</exception>
    public static FaceEvidence Estimated(IEnumerable<(int ActionUnit, double Value, double PresentFrom, double AbsentBelow)> scores, string source)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return new FaceEvidence(scores.Select(score => score.AbsentBelow > score.PresentFrom
            ? throw new ArgumentException($"AU{score.ActionUnit}: absent below {score.AbsentBelow} lies above present from {score.PresentFrom}.", nameof(scores))
            : new UnitEvidence(score.ActionUnit, source, score.Value, score.PresentFrom, score.AbsentBelow,
                score.Value >= score.PresentFrom ? true : score.Value < score.AbsentBelow ? false : null)));
    }

    /// <summary>This evidence, and the other where this one says nothing.</summary>
    public FaceEvidence Over(FaceEvidence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FaceEvidence(units.Values.Concat(other.units.Values.Where(unit => !units.ContainsKey(unit.ActionUnit))));
    }
}
