using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>Completions of one prompt, one row each, as the objective wants them. B completions, T tokens of the longest, N tokens of all, V vocabulary.</summary>
public sealed class CompletionBatch
{
    private readonly ReportBatch batch;
    private readonly Tensor slots;   // [N]: where in the flattened [B·T] each token belongs

    private CompletionBatch(ReportBatch batch, Tensor slots, Tensor mask) => (this.batch, this.slots, Mask) = (batch, slots, mask);

    /// <summary>[B, T], 1 for tokens of the completion, its end included, 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <param name="prompt">With its image placeholders.</param>
    /// <param name="completions">At least one token each.</param>
    /// <param name="grid">Of the picture, the same for all.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    public static CompletionBatch Of(int[] prompt, IReadOnlyList<IReadOnlyList<int>> completions, Qwen25VlOptions options, PatchGrid grid)
    {
        var longest = completions.Max(completion => completion.Count);
        var rows = completions.Select(completion => new ReportRow(prompt, [.. completion], [.. completion.Select(_ => 1f)])).ToArray();
        var slots = completions.SelectMany((completion, row) => completion.Select((_, index) => (long)row * longest + index)).ToArray();
        var mask = new float[completions.Count * longest];
        foreach (var slot in slots) mask[slot] = 1;
        return new CompletionBatch(ReportBatch.Of(rows, [.. rows.Select(_ => grid)], options), tensor(slots), tensor(mask, [completions.Count, longest]));
    }

    /// <summary>Scores of the written tokens: [N, V] in fp32.</summary>
    /// <param name="visual">[visual tokens of all rows, W].</param>
    public Tensor Logits(Qwen25VlModel model, Tensor visual) => batch.Logits(model, visual);

    /// <summary>ln π of each written token at a temperature: [B, T], 0 at padding.</summary>
    /// <param name="logits">[N, V] from <see cref="Logits"/>.</param>
    public Tensor LogProbabilities(Tensor logits, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        var chosen = -nn.functional.cross_entropy(logits / temperature, batch.Targets, reduction: nn.Reduction.None);
        return zeros(Mask.numel()).index_copy(0, slots, chosen).view(Mask.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of −Σ p ln p over the written tokens, in nats.</summary>
    /// <param name="logits">[N, V] from <see cref="Logits"/>.</param>
    public static double Entropy(Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var log = logits.log_softmax(-1);
        return (-(log.exp() * log).sum(-1)).mean().item<float>();
    }
}
