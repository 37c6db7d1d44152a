using FacialR1.TestKit;
using FacialR1.Training.Grpo;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Grpo;

public sealed class GrpoObjectiveTests
{
    static GrpoObjectiveTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void The_k3_estimator_is_averaged_over_tokens()
    {
        using var scope = NewDisposeScope();
        var current = zeros(1, 3);
        var loss = new GrpoObjective().Of(current, current, Row(-0.1f, 0.2f, 0f), zeros(1), ones(1, 3));
        Assert.Equal(0.0087467, loss.Kl!.Value, 6);
        Assert.Equal(0.04 * 0.0087467, loss.Total.item<float>(), 6);
    }

    [Fact]
    public void Only_clipping_that_changes_the_loss_counts()
    {
        using var scope = NewDisposeScope();
        var current = tensor(new[] { 0.7f, 0.95f, 1.1f, 1.25f, 1.0f }, [5, 1]).log();
        var loss = new GrpoObjective(KlWeight: 0).Of(current, zeros(5, 1), null, tensor(new[] { 1f, 1, 1, 1, -1 }), ones(5, 1));
        Assert.Equal(0.2, loss.ClipRatio, 6);
        Assert.Null(loss.Kl);
        Assert.Equal(-(0.7 + 0.95 + 1.1 + 1.2 - 1) / 5, loss.Total.item<float>(), 5);
    }

    [Fact]
    public void A_wider_upper_clip_lets_rare_tokens_rise()
    {
        using var scope = NewDisposeScope();
        var current = Row(MathF.Log(1.25f));
        Assert.Equal(-1.25, new GrpoObjective(UpperClip: 0.28, KlWeight: 0).Of(current, zeros(1, 1), null, ones(1), ones(1, 1)).Total.item<float>(), 5);
    }

    [Theory]
    [InlineData(LossNormalisation.SequenceMean, -1.0)]
    [InlineData(LossNormalisation.TokenMean, -1.0)]
    [InlineData(LossNormalisation.Constant, -4.0 / 20)]
    public void Normalisations_weigh_lengths_differently_but_ignore_padding(LossNormalisation normalisation, double expected)
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { 1f, 0, 0, 1, 1, 1 }, [2, 3]);
        var objective = new GrpoObjective(KlWeight: 0, Normalisation: normalisation, LongestCompletion: 10);
        var padded = tensor(new[] { 0f, 5, 5, 0, 0, 0 }, [2, 3]);
        Assert.Equal(expected, objective.Of(padded, zeros(2, 3), null, ones(2), mask).Total.item<float>(), 5);
    }

    [Fact]
    public void Sequence_mean_and_token_mean_differ_when_lengths_do()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { 1f, 0, 0, 1, 1, 1 }, [2, 3]);
        var advantages = tensor(new[] { 2f, -1 });
        double Loss(LossNormalisation kind) => new GrpoObjective(KlWeight: 0, Normalisation: kind).Of(zeros(2, 3), zeros(2, 3), null, advantages, mask).Total.item<float>();
        Assert.Equal(-(2.0 - 1) / 2, Loss(LossNormalisation.SequenceMean), 5);
        Assert.Equal(-(2.0 - 3) / 4, Loss(LossNormalisation.TokenMean), 5);
    }

    [Fact]
    public void Tokens_of_one_completion_may_earn_differently()
    {
        using var scope = NewDisposeScope();
        var objective = new GrpoObjective(KlWeight: 0);
        var byToken = tensor(new[] { 2f, -1, 0.5f, 0.5f, 0.5f, 0.5f }, [2, 3]);
        Assert.Equal(-((2 - 1 + 0.5) / 3 + 0.5) / 2, objective.Of(zeros(2, 3), zeros(2, 3), null, byToken, ones(2, 3)).Total.item<float>(), 5);
        var equal = tensor(new[] { 2f, 2, 2, -1, -1, -1 }, [2, 3]);
        Assert.Equal(objective.Of(zeros(2, 3), zeros(2, 3), null, tensor(new[] { 2f, -1 }), ones(2, 3)).Total.item<float>(), objective.Of(zeros(2, 3), zeros(2, 3), null, equal, ones(2, 3)).Total.item<float>(), 6);
    }

    [Fact]
    public void A_missing_reference_is_refused_where_the_penalty_needs_it() =>
        Assert.Throws<ArgumentException>(() => new GrpoObjective().Of(zeros(1, 1), zeros(1, 1), null, zeros(1), ones(1, 1)));

    [Fact]
    public void The_gradient_of_the_whole_loss_agrees_with_finite_differences_on_a_tiny_model()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        using var reference = TinyModel.Create(seed: 9);
        var prompt = TinyPrompt.Of(model.Options, 3, new PatchGrid(1, 4, 4));
        var batch = CompletionBatch.Of(prompt.Ids, [[5, 9, 11, 63], [7, 63], [20, 21, 63]], [0, 0, 0], model.Options, prompt.Grids[0]);
        var advantages = tensor(new[] { 1.1f, -0.7f, 0.4f });
        Tensor Tokens(Qwen25VlModel eyes) => prompt.VisualTokens(eyes)!;
        Tensor old, reach;
        using (no_grad())
        {
            reach = batch.LogProbabilities(batch.Logits(reference, Tokens(reference)));
            old = batch.LogProbabilities(batch.Logits(model, Tokens(model))) + 0.05;
        }

        Tensor Loss() => new GrpoObjective().Of(batch.LogProbabilities(batch.Logits(model, Tokens(model))), old, reach, advantages, batch.Mask).Total;
        var parameters = model.parameters().ToArray();
        Loss().backward();
        manual_seed(5);
        var direction = parameters.Select(parameter => randn_like(parameter.detach())).ToArray();
        var slope = parameters.Zip(direction).Where(pair => pair.First.grad is not null).Sum(pair => (pair.First.grad! * pair.Second).sum().item<float>());

        const double Width = 1e-4;
        double Moved(double by)
        {
            using var noGradient = no_grad();
            foreach (var (parameter, along) in parameters.Zip(direction)) parameter.add_(along, alpha: by);
            var value = Loss().item<float>();
            foreach (var (parameter, along) in parameters.Zip(direction)) parameter.add_(along, alpha: -by);
            return value;
        }

        var measured = (Moved(Width) - Moved(-Width)) / (2 * Width);
        Assert.True(Math.Abs(slope) > 0.01, $"the slope {slope} is too flat to compare");
        Assert.Equal(1, measured / slope, 0.03);
    }

    private static Tensor Row(params float[] values) => tensor(values, [1, values.Length]);
}
