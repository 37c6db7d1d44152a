using FacialR1.Training.Grpo;

namespace FacialR1.Training.Stages;

/// <summary>The settings with which the shipped checkpoints were made.</summary>
public static class StageSettings
{
    /// <summary>Annotated photos of stage 1.</summary>
    public const int FewSamples = 600;

    public static ReportPhaseOptions Base { get; } = new(Steps: 400, BatchSize: 64, Peak: 1.5e-3, ValidateEvery: 200);

    public static ReportPhaseOptions Few { get; } = new(Steps: 200, BatchSize: 32, Peak: 8e-4, ValidateEvery: 100);

    /// <summary>Supervised again after synthesis. There is text for many photos now, so the tower may learn a little as well.</summary>
    public static ReportPhaseOptions Again { get; } = new(Steps: 250, BatchSize: 64, Peak: 8e-4, TowerRate: 0.15, ValidateEvery: 125);

    /// <summary>Label-only photos, after the annotated ones, for which a round of synthesis writes text.</summary>
    public const int SynthesisSamples = 8000;

    /// <summary>Rounds end when one gains less than this on the mean of accuracy and AU macro-F1 on <c>val</c>.</summary>
    public const double LeastGain = 0.005;

    /// <summary>Attempts per sample of synthesis; what fails four times nearly always fails six times.</summary>
    public const int SynthesisAttempts = 4;

    public static GrpoOptions Reinforcement { get; } = new(Steps: 60);

    /// <summary>What the vision tower has learnt from before stage 0.</summary>
    /// <param name="photos">Of the training split.</param>
    public static IReadOnlyList<Consumed> Seen(int photos) =>
    [
        new("photos with emotion labels, AU estimates with intensities, 68 landmarks (vision tower and its convolutional teacher; no text)", "vision", photos),
    ];
}
