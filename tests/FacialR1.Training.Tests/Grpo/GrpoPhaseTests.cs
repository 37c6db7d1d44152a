using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Training.Data;
using FacialR1.Training.Grpo;
using FacialR1.Training.Reports;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Tests.Data;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Grpo;

[Collection(RandomNumbers.Name)]
public sealed class GrpoPhaseTests : IDisposable
{
    private static readonly Lazy<Tokenizer> Words = new(() => TokenizerTrainer.Train(
        Enumerable.Range(0, 1500).Select(index => ReportComposer.Compose([.. Faces.Sample(index).ActionUnits!], (Emotion)(index % 7), (ulong)index)), 768));

    private readonly IReadOnlyList<FaceSample> samples = [.. Faces.Samples(6).Select(sample => sample with { Image = $"train/{sample.Id}.png" })];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-grpo-");
    private readonly GrpoOptions options = new(
        Steps: 4, Prompts: 2, Completions: 3, Updates: 2, Peak: 1e-3, MaxTokens: 8, FlatGroups: FlatGroups.Keep, ValidateEvery: 4, ValidationSamples: 2)
    {
        Rewards = new(Format: 1, Length: 1, LengthLimit: 5),
    };

    static GrpoPhaseTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Sampler_and_trainer_agree_and_everything_is_logged_under_its_usual_name()
    {
        using var model = Model();
        using var reference = Model();
        using var phase = Phase(model, reference, "log");
        var values = phase.Step(0);
        Assert.InRange(values["sampler_trainer_gap"], 0, 1e-4);
        Assert.Equal(0, values["clip_ratio"], 0.5);
        foreach (var name in (string[])["loss", "reward", "reward_std", "rewards/format/mean", "rewards/accuracy/mean", "rewards/au/mean", "kl", "entropy", "completions/mean_length",
            "completions/clipped_ratio", "frac_reward_zero_std", "learning_rate", "grad_norm", "step_time"])
            Assert.True(values.ContainsKey(name), name);

        var line = JsonNode.Parse(File.ReadLines(Rollouts("log")).First())!;
        Assert.Equal(1, (int)line["step"]!);
        Assert.Equal(3, line["completions"]!.AsArray().Count);
        Assert.StartsWith("train/", (string)line["image"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_killed_in_the_middle_goes_on_to_the_same_steps_and_rollouts(bool learnsThresholds)
    {
        var settings = learnsThresholds ? options with { UnitCredit = 1, LearnsUnitThresholds = true, UnitBeta = 0.7, CreditsAgainstSiblings = true } : options;
        Run("whole", stopAfter: null, settings);
        Run("broken", stopAfter: 2, settings);
        File.AppendAllText(Rollouts("broken"), """{"phase":"grpo","step":3,"sample":"from before the kill"}""" + "\n" + """{"phase":"gr""");
        Run("broken", stopAfter: null, settings);
        Assert.Equal(Steps("whole"), Steps("broken"));
        Assert.Equal(learnsThresholds, Steps("whole").Select(step => step.Split(' ')[^1]).Distinct().Count() > 1);   // thresholds move
        Assert.Equal(File.ReadAllText(Rollouts("whole")), File.ReadAllText(Rollouts("broken")));
    }

    [Theory]
    [InlineData(LossNormalisation.SequenceMean, 0)]
    [InlineData(LossNormalisation.TokenMean, 0)]
    [InlineData(LossNormalisation.Constant, 0)]
    [InlineData(LossNormalisation.SequenceMean, 0.1)]
    public void Learning_part_by_part_is_learning_from_the_whole(LossNormalisation normalisation, double towerRate)
    {
        var (whole, inParts) = (Learnt(5), Learnt(1));
        foreach (var name in (string[])["loss", "kl", "entropy", "clip_ratio", "grad_norm", "sampler_trainer_gap"]) Assert.Equal(whole.Values[name], inParts.Values[name], 1e-4);
        Assert.True(whole.Gradient.allclose(inParts.Gradient, rtol: 1e-3, atol: 1e-5), $"differ by {(whole.Gradient - inParts.Gradient).abs().max().item<float>()}");

        (IReadOnlyDictionary<string, double> Values, Tensor Gradient) Learnt(int atOnce)
        {
            using var model = Model();
            using var reference = Model();
            var task = options with { Prompts = 5, Updates = 1, TowerRate = towerRate, PromptsAtOnce = atOnce, Objective = new(KlWeight: 0.1, Normalisation: normalisation, LongestCompletion: 8) };
            using var phase = Phase(model, reference, $"parts-{atOnce}", task);
            var values = phase.Step(0);
            return (values, cat([.. model.parameters().Select(parameter => parameter.grad).OfType<Tensor>().Select(gradient => gradient.flatten().clone())]));
        }
    }

    [Fact]
    public void Flat_groups_are_counted_and_left_out()
    {
        using var model = Model();
        using var reference = Model();
        var flat = options with { FlatGroups = FlatGroups.Skip, Rewards = new(Format: 1, Accuracy: 0, ActionUnits: 0) };
        using var phase = Phase(model, reference, "flat", flat);
        var before = model.parameters().First().clone();
        var values = phase.Step(0);
        Assert.Equal(1, values["frac_reward_zero_std"]);   // eight random tokens never keep the grammar
        Assert.Equal(0, values["loss"]);
        Assert.True(before.allclose(model.parameters().First(), 0, 0));
    }

    [Fact]
    public void Rewarded_answers_become_likelier()
    {
        using var model = Model();
        using var reference = Model();
        var task = options with
        {
            Steps = 30, Prompts = 4, Completions = 8, Updates = 1, Peak = 3e-3, MaxTokens = 12, TowerRate = 0, FlatGroups = FlatGroups.Skip,
            Rewards = new(Format: 0, Accuracy: 0, ActionUnits: 0, Length: 1, LengthLimit: 4),
            Objective = new(KlWeight: 0),
        };
        using var phase = Phase(model, reference, "learn", task);
        var rewards = Enumerable.Range(0, (int)phase.Steps).Select(step => phase.Step(step)["reward"]).ToArray();
        Assert.True(rewards.TakeLast(5).Average() > rewards.Take(5).Average() + 0.15, string.Join(" ", rewards.Select(reward => reward.ToString("F2", null))));
    }

    [Fact]
    public void Settings_that_mean_nothing_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => (options with { Completions = 1 }).Check());

    public void Dispose() => folder.Delete(recursive: true);

    private string Rollouts(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, name)).FullName, "rollouts.jsonl");

    private GrpoPhase Phase(Qwen25VlModel model, Qwen25VlModel reference, string name, GrpoOptions? settings = null)
    {
        var tokenizer = Words.Value;
        var ends = new GenerationTokens([tokenizer.IdOf(QwenTokens.TurnEnd), .. tokenizer.Encode(".")], tokenizer.IdOf(QwenTokens.EndOfText), []);
        return new GrpoPhase(model, reference, tokenizer, FacialR1Prompt.Compact(Emotions.All).Text, ends, MiniArchitecture.Processor, samples, samples, settings ?? options,
            new FaceAugmentation(0, 0, 0, 0, 0, 0), new RolloutLog(Rollouts(name), "grpo"), seed: 3);
    }

    private void Run(string name, int? stopAfter, GrpoOptions settings)
    {
        using var model = Model();
        using var reference = Model();
        var run = RunFolder.CreateOrOpen(Path.Combine(folder.FullName, name), new JsonObject { ["seed"] = 3 });
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var progress = new Reports(() => { if (++steps == stopAfter) stop.Cancel(); });
        new TrainingLoop(run, TimeProvider.System, progress).Run([() => Phase(model, reference, name, settings)], stop.Token);
    }

    private string[] Steps(string name) => [.. File.ReadLines(Path.Combine(folder.FullName, name, "events.jsonl"))
        .Select(line => JsonNode.Parse(line)!).Where(line => (string)line["kind"]! == "step")
        .Select(line => $"{line["step"]} {line["loss"]} {line["reward"]} {line["kl"]} {line["grad_norm"]} {line["au/threshold/AU12"]}")];

    private Qwen25VlModel Model()
    {
        var config = Path.Combine(folder.FullName, "config.json");
        File.WriteAllText(config, MiniArchitecture.Config(Words.Value).ToJsonString());
        var model = MiniArchitecture.Fresh(Qwen25VlOptions.Load(config), seed: 2);
        // Torch's generator is shared by tests that run at the same time, so equal models need numbers of their own.
        using var noGradient = no_grad();
        var random = new Random(2);
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() > 1))
        {
            var scale = 1.0 / Math.Sqrt(parameter.numel() / parameter.shape[0]);
            var values = Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)((random.NextDouble() * 2 - 1) * scale)).ToArray();
            using var fresh = tensor(values, parameter.shape);
            parameter.copy_(fresh);
        }

        return model;
    }

    private sealed class Reports(Action action) : IProgress<TrainingUpdate>
    {
        public void Report(TrainingUpdate value) => action();
    }
}
