namespace FacialR1.Analysis.Scoring;

/// <summary>The score of one response, component by component. Rewards weigh these numbers, evaluation averages them.</summary>
/// <param name="FormatReward">1 when the whole text keeps the grammar, else 0.</param>
/// <param name="EmotionCorrect">Whether the answered label is the true one; an answer that cannot be read is wrong; null without a label.</param>
/// <param name="ActionUnitF1">0 to 1; both sets empty is 1, exactly one empty is 0; null without labels.</param>
/// <param name="Found">Claimed and true, ascending; empty without labels.</param>
/// <param name="Hallucinated">Claimed, verifiable and not true, ascending; empty without labels.</param>
/// <param name="Missed">True and not claimed, ascending; empty without labels.</param>
/// <param name="Unverifiable">Claimed but not annotated in this data, ascending: neither right nor wrong.</param>
public sealed record ResponseScore(
    double FormatReward, bool? EmotionCorrect, double? ActionUnitF1,
    IReadOnlyList<int> Found, IReadOnlyList<int> Hallucinated, IReadOnlyList<int> Missed, IReadOnlyList<int> Unverifiable);
