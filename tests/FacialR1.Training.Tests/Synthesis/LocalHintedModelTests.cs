using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Synthesis;
using FacialR1.Training.Tests.Data;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class LocalHintedModelTests
{
    private static readonly string Mini = RepositoryFiles.At("data", "checkpoints", "mini");

    static LocalHintedModelTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Hints_of_different_length_in_one_batch_give_the_answers_of_each_alone()
    {
        using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(Mini), null, CancellationToken.None);
        string[] hints = ["", LabelHint.Of(new ResponseLabels(Emotion.Fear, null)), LabelHint.Of(new ResponseLabels(Emotion.Anger, [4, 7, 17, 25]), new Reflection([7], [12], Emotion.Fear, true, true))];
        HintedQuestion[] questions = [.. hints.Select((hint, index) => new HintedQuestion(Faces.Sample(index), hint,
            [new DecodingOptions(MaxTokens: 40), new DecodingOptions(Temperature: 0.9, MaxTokens: 40, Seed: index)]))];
        var together = Model(loaded, batchSize: 6).Write(questions, CancellationToken.None);
        foreach (var (index, question) in questions.Index())
            Assert.Equal(Model(loaded, batchSize: 1).Write([question], CancellationToken.None).Single(), together[index]);
        Assert.Equal(40, together.SelectMany(answers => answers).Max(answer => answer.Tokens));
    }

    [Fact]
    public void Asked_without_a_hint_it_answers_as_in_an_evaluation()
    {
        using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(Mini), null, CancellationToken.None);
        var samples = Faces.Samples(3);
        var expected = FaceEvaluator.Of(loaded.Model, loaded.Tokenizer, loaded.Tokens, ImageProcessorOptions.FromFolder(Mini), loaded.Prompt.Text).Answer(samples, CancellationToken.None).Select(answer => (answer.Text, answer.Tokens));
        var blind = Model(loaded, batchSize: 3).Write([.. samples.Select(sample => new HintedQuestion(sample, "", [DecodingOptions.Greedy with { MaxTokens = 192 }]))], CancellationToken.None);
        Assert.Equal(expected, blind.Select(answers => (answers.Single().Text, answers.Single().Tokens)));
        Assert.All(blind, answers => Assert.False(answers.Single().IsTruncated));
    }

    private static LocalHintedModel Model(LoadedCheckpoint loaded, int batchSize) =>
        new(loaded.Model, loaded.Tokenizer, loaded.Tokens, ImageProcessorOptions.FromFolder(Mini), loaded.Prompt.Text, loaded.Prompt.Id, "sum") { BatchSize = batchSize };
}
