using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Scoring;

/// <summary>What is known to be true of one sample. Null means "not annotated", which is different from an empty set.</summary>
/// <param name="Emotion">The emotion; null when the source has none.</param>
/// <param name="ActionUnits">The units present; null when the source has no unit labels.</param>
public sealed record ResponseLabels(Emotion? Emotion, IReadOnlyCollection<int>? ActionUnits);
