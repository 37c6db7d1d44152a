using FacialR1.Training.Grpo;
using FacialR1.Training.Rewards;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Stages;

/// <summary>The settings with which the shipped checkpoints were made, and where they needed a graphics processor, those that two cores can afford.</summary>
public static class StageSettings
{
    /// <summary>Annotated photos of stage 1.</summary>
    public const int FewSamples = 600;

    /// <summary>Further passes of the vision tower before stage 0, as two cores can afford them.</summary>
    public static PhaseOptions Tower { get; } = TowerRecipe.Usual with { Epochs = 7 };

    /// <summary>On a graphics processor: the networks that teach the tower, each with its own seed.</summary>
    public static PhaseOptions Teacher { get; } = TeacherRecipe.Usual with { Epochs = 70, BatchSize = 256, ValidateEvery = 20 };

    /// <summary>How many of them.</summary>
    public const int Teachers = 3;

    /// <summary>On a graphics processor: the tower of the shipped checkpoints, five minutes on an H200 (docs/experiments.md, 18).</summary>
    public static PhaseOptions LongTower { get; } = TowerRecipe.Usual with { Epochs = 110, BatchSize = 512, Peak = 1.4e-3, ValidateEvery = 10, BlendsFaces = true };

    /// <summary>A committee is less noisy than the labels, so it counts for more.</summary>
    public static DistillationLoss CommitteeObjective { get; } = new(TeacherShare: 0.9, TeacherUnitShare: 0.5);

    /// <summary>The long way, with a committee, is taken where there is a graphics processor.</summary>
    public static bool HasCommittee => ComputeDevice.Usual.type != TorchSharp.DeviceType.CPU;

    /// <summary>What this machine can afford.</summary>
    public static PhaseOptions TowerHere => HasCommittee ? LongTower : Tower;

    /// <remarks>For a fresh decoder. That of the shipped checkpoint learnt another 180 steps, 60 each time that its tower had learnt more.</remarks>
    public static ReportPhaseOptions Base { get; } = new(Steps: 400, BatchSize: 64, Peak: 1.5e-3, ValidateEvery: 200);

    public static ReportPhaseOptions Few { get; } = new(Steps: 250, BatchSize: 32, Peak: 8e-4, ValidateEvery: 125);

    /// <summary>The emotion weighs more, because without it only the units shown are followed (docs/experiments.md, 16 and 17).</summary>
    public static ReportPhaseOptions Writer { get; } = new(Steps: 150, BatchSize: 64, Peak: 8e-4, ValidateEvery: 150, ValidationSamples: 200) { EmotionWeight = 8 };

    /// <summary>Supervised again after synthesis.</summary>
    public static ReportPhaseOptions Again { get; } = new(Steps: 600, BatchSize: 64, Peak: 8e-4, ValidateEvery: 300) { EmotionWeight = 2 };

    /// <summary>Label-only photos, after the annotated ones, for which a round of synthesis writes text: more than there are, so all.</summary>
    public const int SynthesisSamples = 30_000;

    /// <summary>Rounds end when one gains less than this on the mean of accuracy and AU macro-F1 on <c>val</c>.</summary>
    public const double LeastGain = 0.005;

    /// <summary>Attempts per sample of synthesis.</summary>
    public const int SynthesisAttempts = 2;

    /// <summary>The tower stays as it is: it has learnt from labels of all photos already, and without it a step is several times faster.</summary>
    /// <remarks>
    /// Units are judged one by one against siblings, and reports are sampled cooler than the model writes: at temperature 1 a step teaches little but to be less random (docs/experiments.md, 17 and 19).
    /// A wrong unit counts for more than a missing one (β 0.7). The F1 of a photo as reward works against rare units, so it counts for less than their own credit (18).
    /// </remarks>
    public static GrpoOptions Reinforcement { get; } = new(Steps: 80, Prompts: 64, Completions: 6, Peak: 2e-4, TowerRate: 0, Temperature: 0.6, ValidateEvery: 40)
    {
        Objective = new GrpoObjective(KlWeight: 0.02, Normalisation: LossNormalisation.Constant), Rewards = new RewardOptions(ActionUnits: 0.3),
        UnitCredit = 1, UnitThreshold = 0.4, LearnsUnitThresholds = true, UnitBeta = 0.7, CreditsAgainstSiblings = true,
    };

    /// <summary>What the vision tower has learnt from before stage 0.</summary>
    /// <param name="photos">Of the training split.</param>
    public static IReadOnlyList<Consumed> Seen(int photos) =>
    [
        new("photos with emotion labels, AU estimates with intensities, 68 landmarks (vision tower and its convolutional teachers; no text)", "vision", photos),
    ];
}
