namespace FacialR1.Training.Optimization;

/// <summary>Learning-rate schedules as functions of the step.</summary>
public static class LearningRate
{
    /// <summary>Linear warm-up to <paramref name="peak"/>, then half a cosine down to <paramref name="floor"/> at <paramref name="steps"/>.</summary>
    public static double WarmupCosine(long step, long steps, long warmup, double peak, double floor = 0) =>
        step < warmup
            ? peak * (step + 1) / warmup
            : floor + (peak - floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1.0, (double)(step - warmup) / Math.Max(1, steps - warmup))));

    /// <summary>Linear warm-up to <paramref name="peak"/>, constant, then straight down to <paramref name="floor"/> over the last <paramref name="cooldown"/> of all steps.</summary>
    /// <remarks>Up to the cool-down the path does not depend on the number of steps, so a run can be made longer or shorter while it goes on.</remarks>
    /// <param name="cooldown">Share of the steps, in (0, 1].</param>
    public static double WarmupStableCooldown(long step, long steps, long warmup, double peak, double cooldown, double floor = 0)
    {
        if (step < warmup) return peak * (step + 1) / warmup;
        var begin = steps * (1 - cooldown);
        return step < begin ? peak : peak + (floor - peak) * Math.Min(1, (step - begin) / Math.Max(1, steps - begin));
    }
}
