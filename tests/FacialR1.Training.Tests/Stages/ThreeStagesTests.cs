using FacialR1.TestKit;
using FacialR1.Training.Runs;
using FacialR1.Training.Stages;
using FacialR1.Training.Supervised;
using FacialR1.Training.Tests.Data;

namespace FacialR1.Training.Tests.Stages;

public sealed class ThreeStagesTests : IDisposable
{
    private static readonly StagePlan Shortest = StagePlan.Rehearsal with
    {
        Photos = 12, Samples = 4, Tower = StageSettings.Tower with { Epochs = 1, BatchSize = 4 },
        Base = Two(StageSettings.Base), Few = Two(StageSettings.Few), Writer = Two(StageSettings.Writer), Again = Two(StageSettings.Again),
        Reinforcement = StageSettings.Reinforcement with { Steps = 2, Prompts = 2, Completions = 2, MaxTokens = 8, ValidateEvery = 2, ValidationSamples = 2 },
    };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void All_stages_run_from_photos_to_synthesis_over_any_interruption()
    {
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        FerAuFiles.Write(data, photosPerSplit: 14);

        // Stopped as the third stage opens and again as the sixth does: what is finished stays as it is, what was begun goes on.
        List<string> opened = [];
        string? Go(int stopAt)
        {
            using var stopping = new CancellationTokenSource();
            opened.Clear();
            return new ThreeStages(data, folder.File("mini"), TimeProvider.System, progress: null)
            {
                ModelsFolder = RepositoryFiles.At("data", "models"), Plan = Shortest, Seed = 5,
                Opened = run =>
                {
                    opened.Add(run.Id);
                    if (opened.Count == stopAt) stopping.Cancel();
                },
            }.Run(stopping.Token);
        }

        Assert.Null(Go(stopAt: 3));
        Assert.Equal(["mini-supervised", "mini-tower", "mini-base"], opened);
        Assert.Null(Go(stopAt: 6));
        var tower = File.ReadAllBytes(Path.Combine(folder.Path, "mini-tower", "checkpoints", MiniRecipe.TowerName, "model.safetensors"));
        var best = Go(stopAt: 0);

        Assert.NotNull(best);
        Assert.Equal(["mini-supervised", "mini-tower", "mini-base", "mini-sft", "mini-grpo", "mini-synthesis-1-writer", "mini-synthesis-1", "mini-synthesis-1-sft", "mini-synthesis-1-grpo"], opened);
        Assert.Equal(tower, File.ReadAllBytes(Path.Combine(folder.Path, "mini-tower", "checkpoints", MiniRecipe.TowerName, "model.safetensors")));
        foreach (var run in opened) Assert.Equal(RunFolder.Completed, RunFolder.At(folder.File(run)).Status);

        Assert.Equal([null, "mini-base", "mini-sft", "mini-grpo", "mini-grpo"], new[] { "base", "sft", "grpo", "synthesis-1-sft", "synthesis-1-grpo" }.Select(stage => LineageOf(stage).Parent));
        Assert.All(new[] { "base", "sft", "grpo", "synthesis-1-sft", "synthesis-1-grpo" }, stage => Assert.Equal(12, Assert.Single(LineageOf(stage).Scores).N));
        var consumed = LineageOf("synthesis-1-grpo").Consumed;
        Assert.Equal(["vision", "base", "sft", "grpo", "synthesis round 1", "grpo of round 1"], consumed.Select(row => row.Stage));
        Assert.Equal([12, 12, 4, 4], consumed.Take(4).Select(row => row.N));
        Assert.StartsWith("A rehearsal on the first 12 photos", File.ReadLines(Path.Combine(folder.Path, "mini-sft", "checkpoints", "final", "model-card.md")).First(line => line.StartsWith("A rehearsal", StringComparison.Ordinal)), StringComparison.Ordinal);

        // Finished: asked again, nothing is done.
        var events = opened.Select(run => File.ReadAllText(Path.Combine(folder.Path, run, "events.jsonl"))).ToArray();
        Assert.Equal(best, Go(stopAt: 0));
        Assert.Equal(events, opened.Select(run => File.ReadAllText(Path.Combine(folder.Path, run, "events.jsonl"))));
    }

    public void Dispose() => folder.Dispose();

    private Lineage LineageOf(string stage) => Lineage.Read(Path.Combine(folder.Path, $"mini-{stage}", "checkpoints", "final"))!;

    private static ReportPhaseOptions Two(ReportPhaseOptions phase) => phase with { Steps = 2, BatchSize = 4, ValidateEvery = 2, ValidationSamples = 2 };
}
