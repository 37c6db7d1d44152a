namespace FacialR1.Training.Rewards;

/// <summary>Which reward functions count, and how much. A weight of 0 switches a function off: it is neither computed into the total nor logged.</summary>
/// <param name="Format">The whole response keeps the grammar: 0 or 1.</param>
/// <param name="Accuracy">The answered emotion is the labelled one: 0 or 1.</param>
/// <param name="ActionUnits">F1 of the AUs named in the think block against the labelled ones: 0 to 1.</param>
/// <param name="Length">1 up to <paramref name="LengthLimit"/> tokens, falling to 0 at twice as many. Not in the paper.</param>
/// <param name="Consistency">0 when the reasoning concludes another emotion than the answer gives, or asserts and denies the same unit, else 1. Not in the paper.</param>
/// <param name="LengthLimit">Tokens.</param>
/// <param name="UsesReferenceScale">AU reward 2·F1 − 1, and −1 for naming none where some are labelled, as the released script had it; off, as in the paper.</param>
/// <param name="Alignment">Share of the answered emotion given the AUs that are asserted, from co-occurrence in training labels: 0 to 1. Needs no label. Not in the paper.</param>
public sealed record RewardOptions(
    double Format = 1, double Accuracy = 1, double ActionUnits = 1, double Length = 0, double Consistency = 0, int LengthLimit = 160, bool UsesReferenceScale = false, double Alignment = 0);
