namespace FacialR1.Training.Grpo;

/// <summary>Group-relative advantages (DeepSeekMath, equation 3; TRL): how much better a completion is than its siblings.</summary>
public static class GroupAdvantage
{
    /// <summary>Keeps the quotient finite, as in TRL.</summary>
    public const double Epsilon = 1e-4;

    /// <summary>(r − mean) / (s + 1e-4) with the sample standard deviation s (G − 1 in the denominator).</summary>
    /// <param name="rewards">The G rewards of one prompt.</param>
    /// <param name="isScaled">False leaves the division out (Dr. GRPO).</param>
    /// <exception cref="ArgumentException">Fewer than two rewards: there is nothing to compare.</exception>
    public static double[] Of(IReadOnlyList<double> rewards, bool isScaled = true)
    {
        var (mean, deviation) = (rewards.Average(), Deviation(rewards));
        return [.. rewards.Select(reward => isScaled ? (reward - mean) / (deviation + Epsilon) : reward - mean)];
    }

    /// <summary>Sample standard deviation.</summary>
    /// <exception cref="ArgumentException">Fewer than two rewards.</exception>
    public static double Deviation(IReadOnlyList<double> rewards)
    {
        if (rewards.Count < 2) throw new ArgumentException($"A group needs at least two completions; it has {rewards.Count}.", nameof(rewards));
        var mean = rewards.Average();
        return Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / (rewards.Count - 1));
    }

    /// <summary>All rewards are equal, so the group teaches nothing.</summary>
    public static bool IsFlat(IReadOnlyList<double> rewards) => rewards.All(reward => reward == rewards[0]);
}
