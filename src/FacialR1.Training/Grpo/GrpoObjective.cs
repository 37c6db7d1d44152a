using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>How token losses become one number.</summary>
public enum LossNormalisation
{
    /// <summary>Mean over the tokens of each completion, then over completions (GRPO).</summary>
    SequenceMean,

    /// <summary>Mean over all tokens of the batch (DAPO): long completions weigh more.</summary>
    TokenMean,

    /// <summary>Sum over tokens, divided by completions × the longest length allowed (Dr. GRPO): no bias by length.</summary>
    Constant,
}

/// <summary>The clipped policy-gradient objective of GRPO with a penalty for leaving the reference (DeepSeekMath, equations 3 and 4).</summary>
/// <param name="LowerClip">ε below: a ratio under 1 − ε gains no more from falling.</param>
/// <param name="UpperClip">ε above; larger than the lower one in DAPO.</param>
/// <param name="KlWeight">β; 0 needs no reference.</param>
/// <param name="LongestCompletion">Tokens; used by <see cref="LossNormalisation.Constant"/> only.</param>
public sealed record GrpoObjective(
    double LowerClip = 0.2, double UpperClip = 0.2, double KlWeight = 0.04, LossNormalisation Normalisation = LossNormalisation.SequenceMean, int LongestCompletion = 256)
{
    /// <summary>Per token −min(ρA, clip(ρ)A) + β(eᵈ − d − 1), ρ = π/π_old, d = ln π_ref − ln π (k3 estimator), then normalised.</summary>
    /// <param name="current">ln π of each written token [B, T], with gradient.</param>
    /// <param name="old">ln π_old [B, T]: of the weights that wrote the completions.</param>
    /// <param name="reference">ln π_ref [B, T]; may be null when β is 0.</param>
    /// <param name="advantages">[B], or [B, T] where tokens of one completion earn differently.</param>
    /// <param name="mask">[B, T], 1 for tokens of the completion, its end included, 0 for padding.</param>
    /// <exception cref="ArgumentException">β is positive and the reference is missing.</exception>
    public GrpoLoss Of(Tensor current, Tensor old, Tensor? reference, Tensor advantages, Tensor mask)
    {
        if (KlWeight > 0 && reference is null) throw new ArgumentException("A KL weight above 0 needs the reference's log-probabilities.", nameof(reference));
        using var scope = NewDisposeScope();
        var ratio = (current - old.detach()).exp();                                                          // [B, T]
        var advantage = advantages.dim() == 1 ? advantages.unsqueeze(1) : advantages;                        // [B, 1 or T]
        var clipped = ratio.clamp(1 - LowerClip, 1 + UpperClip);
        var loss = -minimum(ratio * advantage, clipped * advantage);
        var (kl, tokens) = (zeros_like(current), mask.sum());
        if (reference is not null)
        {
            var difference = reference.detach() - current;
            kl = difference.exp() - difference - 1;
            loss = loss + KlWeight * kl;
        }

        using var noGradient = no_grad();
        var active = ratio.lt(1 - LowerClip).logical_and(advantage.lt(0)).logical_or(ratio.gt(1 + UpperClip).logical_and(advantage.gt(0)));
        return new GrpoLoss(
            Normalised(loss, mask).MoveToOuterDisposeScope(),
            reference is null ? null : ((kl.detach() * mask).sum() / tokens).item<float>(),
            ((active.to(mask.dtype) * mask).sum() / tokens).item<float>());
    }

    private Tensor Normalised(Tensor loss, Tensor mask)
    {
        using var gradient = enable_grad();
        var masked = loss * mask;
        return Normalisation switch
        {
            LossNormalisation.SequenceMean => (masked.sum(1) / mask.sum(1).clamp_min(1)).mean(),
            LossNormalisation.TokenMean => masked.sum() / mask.sum().clamp_min(1),
            LossNormalisation.Constant => masked.sum() / (mask.shape[0] * LongestCompletion),
            _ => throw new InvalidOperationException($"Normalisation {Normalisation} is not known."),
        };
    }
}

/// <summary>The loss of a batch of completions and what is logged beside it.</summary>
/// <param name="Total">Scalar, with gradient; the caller's.</param>
/// <param name="Kl">Mean of the k3 estimator over tokens; null without a reference.</param>
/// <param name="ClipRatio">Share of tokens whose ratio was clipped with effect.</param>
public readonly record struct GrpoLoss(Tensor Total, double? Kl, double ClipRatio);
