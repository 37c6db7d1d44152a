namespace FacialR1.Training.Optimization;

/// <summary>Learning-rate schedules as functions of the step.</summary>
public static class LearningRate
{
    /// <summary>Linear warm-up to <paramref name="peak"/>, then half a cosine down to <paramref name="floor"/> at <paramref name="steps"/>.</summary>
    public static double WarmupCosine(long step, long steps, long warmup, double peak, double floor = 0) =>
        step < warmup
            ? peak * (step + 1) / warmup
            : floor + (peak - floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1.0, (double)(step - warmup) / Math.Max(1, steps - warmup))));
}
