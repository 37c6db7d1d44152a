using FacialR1.VisionLanguage.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Teacher;
using FacialR1.Training.Tests.Data;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Tests.Supervised;

[Collection(RandomNumbers.Name)]
public sealed class PhaseTests : IDisposable
{
    private static readonly PhaseOptions Short = new(Epochs: 12, BatchSize: 4, Peak: 2e-3, Decay: 0, DropPath: 0);
    private static readonly FaceAugmentation Still = new(0, 0, 0, 0, 0, 0);
    private readonly IReadOnlyList<FaceSample> samples = Faces.Samples(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-phase-");

    static PhaseTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void The_teacher_learns_a_repeated_batch_and_is_measured()
    {
        using var network = new FaceNetwork(width: 16);
        using var phase = new TeacherPhase(network, samples, samples, Short with { Epochs = 30, Peak = 4e-4 }, Still, seed: 1);
        AssertLearns(phase);
        Assert.InRange(phase.Validate(CancellationToken.None)["val_emotion_accuracy"], 0, 1);
    }

    [Fact]
    public void The_tower_learns_a_repeated_batch()
    {
        using var model = Model(Words());
        using var heads = new VisionHeads(16, model.Options.Text.Width);
        using var phase = new VisionPhase(model, heads, new FaceCommittee(new FaceNetwork(width: 16)), MiniArchitecture.Processor, samples, samples, Short, Still, seed: 1);
        AssertLearns(phase);
    }

    [Fact]
    public void Blended_faces_are_learnt_from_opinions_and_counted_in_passes()
    {
        using var model = Model(Words());
        using var heads = new VisionHeads(16, model.Options.Text.Width);
        using var phase = new VisionPhase(model, heads, new FaceCommittee(new FaceNetwork(width: 16)), MiniArchitecture.Processor, samples, samples,
            Short with { BlendsFaces = true, ValidateEvery = 4 }, Still, seed: 1);
        Assert.Equal((12, 4), (phase.Steps, phase.StepsPerEpoch));
        var losses = Enumerable.Range(0, 12).Select(step => phase.Step(step)["loss"]).Chunk(2).ToArray();   // labelled and blended by turns
        Assert.True(losses[^1][0] < losses[0][0] && losses[^1][1] < losses[0][1], string.Join("; ", losses.Select(pair => $"{pair[0]:F3} {pair[1]:F3}")));
    }

    [Fact]
    public void The_whole_model_learns_to_write_and_its_reports_are_measured()
    {
        var tokenizer = Words();
        using var model = Model(tokenizer);
        using var heads = new VisionHeads(16, model.Options.Text.Width);
        var ends = new GenerationTokens([tokenizer.IdOf(QwenTokens.TurnEnd)], tokenizer.IdOf(QwenTokens.EndOfText), []);
        using var phase = new TextPhase(model, heads, new FaceCommittee(new FaceNetwork(width: 16)), tokenizer, FacialR1Prompt.Compact(Emotions.All).Text, ends,
            ActionUnitWeights.For(samples), MiniArchitecture.Processor, samples, samples, Short, Still, seed: 1);
        AssertLearns(phase);
        Assert.Equal(4, phase.Validate(CancellationToken.None)["val_n"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static void AssertLearns(ITrainingPhase phase)
    {
        var losses = new List<double>();
        for (var step = 0; step < phase.Steps; step++) losses.Add(phase.Step(step)["loss"]);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses.TakeLast(3).Average() < 0.9 * losses[0], $"from {losses[0]:F3} to {losses[^1]:F3}");
    }

    private static Tokenizer Words() => TokenizerTrainer.Train(
        Enumerable.Range(0, 1500).Select(index => ReportComposer.Compose([.. Faces.Sample(index).ActionUnits!], (Emotion)(index % 7), (ulong)index)), 768);

    private Qwen25VlModel Model(Tokenizer tokenizer)
    {
        var config = Path.Combine(folder.FullName, "config.json");
        File.WriteAllText(config, MiniArchitecture.Config(tokenizer).ToJsonString());
        return MiniArchitecture.Fresh(Qwen25VlOptions.Load(config), seed: 2);
    }
}
