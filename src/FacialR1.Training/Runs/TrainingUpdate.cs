namespace FacialR1.Training.Runs;

/// <summary>Where a run stands after a step.</summary>
/// <param name="Values">Named numbers of the step: <c>loss</c>, <c>learning_rate</c>, …; validation measures are prefixed <c>val_</c>.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="SamplesPerSecond">Mean since this process began the phase.</param>
/// <param name="Remaining">Expected time to the end of the phase.</param>
public sealed record TrainingUpdate(
    string Phase, long Step, long Steps, IReadOnlyDictionary<string, double> Values, int BatchSize, double SamplesPerSecond, TimeSpan Remaining);
