using FacialR1.Training.Rewards;

namespace FacialR1.Training.Grpo;

/// <summary>What happens to a prompt whose completions all earned the same: it carries no signal.</summary>
public enum FlatGroups
{
    /// <summary>Left out of the update.</summary>
    Skip,

    /// <summary>Left out, and further prompts are tried, up to twice the number asked for (DAPO's dynamic sampling, bounded).</summary>
    Resample,

    /// <summary>Kept: only the pull to the reference acts on it.</summary>
    Keep,
}

/// <summary>Settings of the reinforcement stage.</summary>
/// <param name="Steps">Batches of rollouts.</param>
/// <param name="Prompts">Photos per step.</param>
/// <param name="Completions">G, completions per photo; at least 2.</param>
/// <param name="Updates">μ, optimiser steps per batch of rollouts.</param>
/// <param name="Peak">Highest learning rate of the decoder; warm-up over a twentieth, then a cosine to a tenth.</param>
/// <param name="TowerRate">Share of the learning rate that the vision tower gets; 0 freezes it.</param>
/// <param name="ValidateEvery">Steps.</param>
/// <param name="ValidationSamples">The first so many of the validation split.</param>
public sealed record GrpoOptions(
    int Steps = 240, int Prompts = 32, int Completions = 8, int Updates = 1, double Peak = 2e-4, double TowerRate = 0.1, double Temperature = 1, double TopP = 1, int MaxTokens = 192,
    FlatGroups FlatGroups = FlatGroups.Skip, bool ScalesAdvantages = true, int ValidateEvery = 30, int ValidationSamples = 1500)
{
    public RewardOptions Rewards { get; init; } = new();

    public GrpoObjective Objective { get; init; } = new();

    /// <summary>Weight of <see cref="Grpo.UnitCredit"/> beside the advantage of the whole completion; 0, as in the paper, judges completions as a whole only.</summary>
    public double UnitCredit { get; init; }

    /// <summary>Probability of being right from which on naming a common unit pays, in [0.2, 1); less for rarer ones, see <see cref="Supervised.ActionUnitWeights.Thresholds"/>.</summary>
    public double UnitThreshold { get; init; } = 0.4;

    /// <summary>Thresholds only begin there, and then follow the policy: see <see cref="UnitThresholds"/>.</summary>
    public bool LearnsUnitThresholds { get; init; }

    /// <summary>β of the F_β that learnt thresholds aim at; below 1 a wrong unit is worse than a missing one, and fewer are named.</summary>
    public double UnitBeta { get; init; } = 1;

    /// <summary>Units are judged against what siblings earned by them: see <see cref="Grpo.UnitCredit.AmongSiblings"/>.</summary>
    public bool CreditsAgainstSiblings { get; init; }

    /// <summary>Photos whose completions are learnt from together, before the gradients of the next are added. Decides speed and memory; results differ by rounding only.</summary>
    public int PromptsAtOnce { get; init; } = 8;

    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range; the message names it.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Prompts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Completions, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Updates, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Peak);
        ArgumentOutOfRangeException.ThrowIfNegative(TowerRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Temperature);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidateEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PromptsAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(UnitCredit);
        ArgumentOutOfRangeException.ThrowIfLessThan(UnitThreshold, 0.2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(UnitThreshold, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(UnitBeta);
    }
}
