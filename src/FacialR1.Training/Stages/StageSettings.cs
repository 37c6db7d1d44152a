using FacialR1.Training.Grpo;
using FacialR1.Training.Rewards;
using FacialR1.Training.Supervised;

namespace FacialR1.Training.Stages;

/// <summary>The settings with which the shipped checkpoints were made.</summary>
public static class StageSettings
{
    /// <summary>Annotated photos of stage 1.</summary>
    public const int FewSamples = 600;

    /// <summary>Further passes of the vision tower before stage 0.</summary>
    public static PhaseOptions Tower { get; } = TowerRecipe.Usual with { Epochs = 4 };

    public static ReportPhaseOptions Base { get; } = new(Steps: 400, BatchSize: 64, Peak: 1.5e-3, ValidateEvery: 200);

    public static ReportPhaseOptions Few { get; } = new(Steps: 250, BatchSize: 32, Peak: 8e-4, ValidateEvery: 125);

    /// <summary>Enough to follow the units shown; not yet the emotion (docs/experiments.md, 16).</summary>
    public static ReportPhaseOptions Writer { get; } = new(Steps: 60, BatchSize: 64, Peak: 8e-4, ValidateEvery: 60, ValidationSamples: 200);

    /// <summary>Supervised again after synthesis.</summary>
    public static ReportPhaseOptions Again { get; } = new(Steps: 400, BatchSize: 64, Peak: 8e-4, ValidateEvery: 200);

    /// <summary>Label-only photos, after the annotated ones, for which a round of synthesis writes text.</summary>
    public const int SynthesisSamples = 16_000;

    /// <summary>Rounds end when one gains less than this on the mean of accuracy and AU macro-F1 on <c>val</c>.</summary>
    public const double LeastGain = 0.005;

    /// <summary>Attempts per sample of synthesis.</summary>
    public const int SynthesisAttempts = 2;

    /// <summary>The tower stays as it is: it has learnt from labels of all photos already, and without it a step is several times faster.</summary>
    public static GrpoOptions Reinforcement { get; } = new(Steps: 60, Prompts: 48, Peak: 1.5e-4, TowerRate: 0, ValidateEvery: 50)
    {
        Objective = new GrpoObjective(KlWeight: 0.02, Normalisation: LossNormalisation.Constant), Rewards = new RewardOptions(ActionUnits: 3),
    };

    /// <summary>What the vision tower has learnt from before stage 0.</summary>
    /// <param name="photos">Of the training split.</param>
    public static IReadOnlyList<Consumed> Seen(int photos) =>
    [
        new("photos with emotion labels, AU estimates with intensities, 68 landmarks (vision tower and its convolutional teacher; no text)", "vision", photos),
    ];
}
