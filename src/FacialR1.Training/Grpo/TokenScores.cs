using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Grpo;

/// <summary>What a policy thinks of written tokens. B completions, T tokens, V vocabulary.</summary>
public static class TokenScores
{
    /// <summary>ln π of each written token at temperature <paramref name="temperature"/>: [B, T].</summary>
    /// <param name="logits">[B, T, V], of the place before each token; computed in fp32.</param>
    /// <param name="written">[B, T], ids.</param>
    public static Tensor LogProbabilities(Tensor logits, Tensor written, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        var flat = logits.to(ScalarType.Float32).view(-1, logits.shape[2]) / temperature;
        return (-functional.cross_entropy(flat, written.view(-1), reduction: Reduction.None)).view(written.shape).MoveToOuterDisposeScope();
    }

    /// <summary>−Σ p ln p of each place in nats, without gradient: [B, T].</summary>
    public static Tensor Entropy(Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var log = logits.to(ScalarType.Float32).log_softmax(-1);
        return (-(log.exp() * log).sum(-1)).MoveToOuterDisposeScope();
    }
}
