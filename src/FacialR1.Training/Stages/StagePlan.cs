using FacialR1.Training.Grpo;
using FacialR1.Training.Supervised;

namespace FacialR1.Training.Stages;

/// <summary>How long each stage of <see cref="ThreeStages"/> learns, and from how many photos.</summary>
public sealed record StagePlan
{
    private const int RehearsedPhotos = 256;

    /// <summary>The settings of the shipped checkpoints, as far as this machine can afford them.</summary>
    public static StagePlan Usual { get; } = new();

    /// <summary>A few steps of every stage on a few photos: shows in minutes whether all of them run here, and nothing of what they teach.</summary>
    public static StagePlan Rehearsal { get; } = new()
    {
        Photos = RehearsedPhotos, Samples = 96, Rounds = 1,
        Teacher = Once(StageSettings.Teacher, RehearsedPhotos), Tower = Once(StageSettings.TowerHere, RehearsedPhotos),
        Base = Short(StageSettings.Base), Few = Short(StageSettings.Few), Writer = Short(StageSettings.Writer), Again = Short(StageSettings.Again),
        Reinforcement = StageSettings.Reinforcement with { Steps = 2, Prompts = 8, ValidationSamples = 64 },
    };

    /// <summary>The first so many photos of each split; null for all.</summary>
    public int? Photos { get; init; }

    /// <summary>Annotated photos of stage 1.</summary>
    public int Samples { get; init; } = StageSettings.FewSamples;

    /// <summary>Rounds of synthesis at most.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Each member of the committee, where there is one.</summary>
    public PhaseOptions Teacher { get; init; } = StageSettings.Teacher;

    public PhaseOptions Tower { get; init; } = StageSettings.TowerHere;

    public ReportPhaseOptions Base { get; init; } = StageSettings.Base;

    public ReportPhaseOptions Few { get; init; } = StageSettings.Few;

    public GrpoOptions Reinforcement { get; init; } = StageSettings.Reinforcement;

    public ReportPhaseOptions Writer { get; init; } = StageSettings.Writer;

    public ReportPhaseOptions Again { get; init; } = StageSettings.Again;

    /// <summary>Reinforcement in a round of synthesis: shorter, and closer to F1, since fewer units are wrong by then.</summary>
    public GrpoOptions ReinforcementAgain => Reinforcement with { Steps = Math.Max(1, Reinforcement.Steps * 3 / 4), UnitBeta = 0.85 };

    /// <summary>The first model, supervised on all text, from whose tower the stages begin.</summary>
    public MiniRecipeOptions Supervised(string dataFolder, int seed)
    {
        var usual = MiniRecipeOptions.For(dataFolder) with { Seed = seed, Limit = Photos };
        return Photos is not { } photos ? usual : usual with { Teacher = Once(usual.Teacher, photos), Vision = Once(usual.Vision, photos), Text = Once(usual.Text, photos) };
    }

    private static PhaseOptions Once(PhaseOptions phase, int photos) => phase with { Epochs = 1, BatchSize = Math.Clamp(photos / 4, 1, phase.BatchSize), ValidateEvery = 1 };

    private static ReportPhaseOptions Short(ReportPhaseOptions phase) => phase with { Steps = 4, ValidateEvery = 4, ValidationSamples = 64 };
}
