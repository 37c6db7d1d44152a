using FacialR1.TestKit;
using FacialR1.Training.Grpo;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Grpo;

public sealed class CompletionBatchTests
{
    private static readonly PatchGrid Grid = new(1, 4, 4);
    private static readonly int[][] Completions = [[5, 9, 11, 63], [7, 63], [20, 21, 63], [30, 31, 32, 33, 63]];
    private static readonly int[] PhotoOf = [0, 0, 1, 1];

    static CompletionBatchTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void A_prompt_read_once_for_all_its_completions_gives_the_scores_of_reading_it_for_each()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var prompt = TinyPrompt.Of(model.Options, 3, Grid);
        var visual = Visual(model, prompt);
        var shared = CompletionBatch.Of(prompt.Ids, Completions, PhotoOf, model.Options, Grid).Logits(model, visual);
        var apart = Apart(model, prompt).Logits(model, PerCompletion(visual));
        Assert.Equal(apart.shape, shared.shape);
        Assert.True((apart - shared).abs().max().item<float>() < 1e-4, $"they differ by {(apart - shared).abs().max().item<float>()}");
    }

    [Fact]
    public void Gradients_flow_through_the_shared_prompt_as_through_separate_ones()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var prompt = TinyPrompt.Of(model.Options, 3, Grid);
        var shared = Gradients(() => CompletionBatch.Of(prompt.Ids, Completions, PhotoOf, model.Options, Grid).Logits(model, Visual(model, prompt)));
        var apart = Gradients(() => Apart(model, prompt).Logits(model, PerCompletion(Visual(model, prompt))));
        foreach (var (name, gradient) in apart)
            Assert.True(shared[name].allclose(gradient, rtol: 1e-3, atol: 1e-4), $"{name} differs by {(shared[name] - gradient).abs().max().item<float>()}");

        Dictionary<string, Tensor> Gradients(Func<Tensor> logits)
        {
            foreach (var parameter in model.parameters()) parameter.grad = null;
            var scores = logits();
            (scores * scores).mean().backward();
            return model.named_parameters().Where(row => row.parameter.grad is not null).ToDictionary(row => row.name, row => row.parameter.grad!.clone());
        }
    }

    [Fact]
    public void Completions_of_one_token_need_no_second_pass()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var prompt = TinyPrompt.Of(model.Options, 3, Grid);
        var batch = CompletionBatch.Of(prompt.Ids, [[5], [7]], [0, 1], model.Options, Grid);
        var logits = batch.Logits(model, Visual(model, prompt));
        Assert.Equal([2, model.Options.Text.VocabularySize], logits.shape);
        Assert.Equal([2L, 1L], batch.LogProbabilities(logits).shape);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        using var model = TinyModel.Create();
        var prompt = TinyPrompt.Of(model.Options, 3, Grid);
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            CompletionBatch.Of(prompt.Ids, Completions, PhotoOf, model.Options, Grid).Logits(model, Visual(model, prompt));
        }));
    }

    [Fact]
    public void An_empty_completion_is_refused()
    {
        using var model = TinyModel.Create();
        Assert.Throws<ArgumentException>(() => CompletionBatch.Of([1, 2], [[], [3]], [0, 0], model.Options, Grid));
    }

    /// <summary>Two photos: the prompt's own and its negative.</summary>
    private static Tensor Visual(Qwen25VlModel model, TinyPrompt prompt)
    {
        var patches = tensor(prompt.Patches).view(-1, model.Options.Vision.PatchLength);
        return model.Vision.Encode(cat([patches, -patches]), [Grid, Grid]);
    }

    private static Tensor PerCompletion(Tensor visual) =>
        visual.view(2, -1, visual.shape[1]).index_select(0, tensor(PhotoOf.Select(photo => (long)photo).ToArray())).flatten(0, 1);

    private static ReportBatch Apart(Qwen25VlModel model, TinyPrompt prompt) => ReportBatch.Of(
        [.. Completions.Select(completion => new ReportRow(prompt.Ids, completion, [.. completion.Select(_ => 1f)]))], [.. Completions.Select(_ => Grid)], model.Options);
}
