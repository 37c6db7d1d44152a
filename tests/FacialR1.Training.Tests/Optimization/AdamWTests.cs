using FacialR1.Training.Optimization;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Optimization;

public sealed class AdamWTests
{
    static AdamWTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Two_steps_agree_with_the_formula_written_out()
    {
        using var scope = NewDisposeScope();
        var weight = tensor(new[] { 1.0f, -2.0f }, [1, 2]).requires_grad_(true);
        using var optimizer = new AdamW([("w", weight)], decay: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-8);
        double[] expected = [1, -2], mean = [0, 0], square = [0, 0];
        for (var step = 1; step <= 2; step++)
        {
            optimizer.ZeroGradients();
            (weight * weight).sum().backward();
            optimizer.Step(0.01, maxNorm: 1e9);
            for (var index = 0; index < 2; index++)
            {
                var gradient = 2 * expected[index];
                mean[index] = 0.9 * mean[index] + 0.1 * gradient;
                square[index] = 0.98 * square[index] + 0.02 * gradient * gradient;
                expected[index] = expected[index] * (1 - 0.01 * 0.1)
                    - 0.01 * (mean[index] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square[index] / (1 - Math.Pow(0.98, step))) + 1e-8);
            }
        }

        var values = weight.data<float>().ToArray();
        Assert.Equal(expected[0], values[0], 5);
        Assert.Equal(expected[1], values[1], 5);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var weight = tensor(new[] { 1.0f }).requires_grad_(true);
        using var optimizer = new AdamW([("w", weight)]);
        (weight * float.NaN).sum().backward();
        Assert.False(double.IsFinite(optimizer.Step(0.1)));
        Assert.Equal(1f, weight.item<float>());
        Assert.Equal(0, optimizer.Steps);
    }

    [Fact]
    public void Small_updates_add_up_in_the_master_weights_of_bf16_parameters()
    {
        using var scope = NewDisposeScope();
        var weight = ones(4).to(ScalarType.BFloat16).requires_grad_(true);
        using var optimizer = new AdamW([("w", weight)], decay: 0);
        for (var step = 0; step < 40; step++)
        {
            optimizer.ZeroGradients();
            weight.sum().backward();
            optimizer.Step(1e-4);   // far below the spacing of bf16 numbers near one (0.004)
        }

        Assert.True(weight.to(ScalarType.Float32).max().item<float>() < 0.999f);
    }

    [Fact]
    public void The_average_goes_in_and_comes_out_again()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(3);
        using var average = new WeightAverage([("w", weight)]);
        weight.fill_(1);
        average.Update(0, 0.99);
        using (average.InPlace()) Assert.Equal(0.9f, weight[0].item<float>(), 5);
        Assert.Equal(1f, weight[0].item<float>());
    }

    [Fact]
    public void Warm_up_ends_at_the_peak_and_the_cosine_at_the_floor()
    {
        Assert.Equal(0.1, LearningRate.WarmupCosine(0, 100, 10, 1), 9);
        Assert.Equal(1, LearningRate.WarmupCosine(9, 100, 10, 1), 9);
        Assert.Equal(1, LearningRate.WarmupCosine(10, 100, 10, 1), 9);
        Assert.Equal(0.55, LearningRate.WarmupCosine(55, 100, 10, 1, 0.1), 9);
        Assert.Equal(0.1, LearningRate.WarmupCosine(100, 100, 10, 1, 0.1), 9);
    }
}
