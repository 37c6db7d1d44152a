using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>Completions of one question about several photos, as the objective wants them. Each photo's prompt is read once, whatever the number of its completions.</summary>
/// <remarks>P photos, S tokens of the prompt, B completions, T tokens of the longest, N tokens of all, V vocabulary, W width. The tensors belong to the dispose scope in which the batch was made.</remarks>
public sealed class CompletionBatch
{
    private readonly Tensor promptIds, promptPositions;   // [P, S], [3, P, S]
    private readonly Tensor ids, positions;               // [B, T − 1], [3, B, T − 1]: nothing follows the last token, so it is not read
    private readonly Tensor photos, slots, targets;       // [B], [N] into the flattened [B·T], [N]

    private CompletionBatch(Tensor promptIds, Tensor promptPositions, Tensor ids, Tensor positions, Tensor photos, Tensor slots, Tensor targets, Tensor mask) =>
        (this.promptIds, this.promptPositions, this.ids, this.positions, this.photos, this.slots, this.targets, Mask) = (promptIds, promptPositions, ids, positions, photos, slots, targets, mask);

    /// <summary>[B, T], 1 for tokens of the completion, its end included, 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <param name="prompt">With its image placeholders, the same for every photo.</param>
    /// <param name="completions">At least one token each.</param>
    /// <param name="photoOf">For each completion the number of its photo, counted from 0.</param>
    /// <param name="grid">Of the pictures, the same for all.</param>
    /// <param name="device">CPU unless given.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">A completion is empty, or completions and photos differ in number.</exception>
    public static CompletionBatch Of(int[] prompt, IReadOnlyList<IReadOnlyList<int>> completions, IReadOnlyList<int> photoOf, Qwen25VlOptions options, PatchGrid grid, Device? device = null)
    {
        if (completions.Count != photoOf.Count) throw new ArgumentException($"{completions.Count} completions came with photos for {photoOf.Count}.", nameof(photoOf));
        if (completions.Any(completion => completion.Count == 0)) throw new ArgumentException("A completion has no token.", nameof(completions));
        var (count, longest, photos) = (completions.Count, completions.Max(completion => completion.Count), photoOf.Max() + 1);
        var places = MultimodalPositions.Of(prompt, [grid], options.Tokens.Image, options.Vision.MergeSize);
        var next = prompt.Length + places.Delta;   // where the first token of a completion stands, on all three axes

        var (read, mask) = (new long[count * (longest - 1)], new float[count * longest]);
        Array.Fill(read, options.Tokens.Padding ?? 0);
        List<long> slots = [], targets = [];
        for (var row = 0; row < count; row++)
            for (var index = 0; index < completions[row].Count; index++)
            {
                if (index < completions[row].Count - 1) read[row * (longest - 1) + index] = completions[row][index];
                mask[row * longest + index] = 1;
                slots.Add(row * longest + index);
                targets.Add(completions[row][index]);
            }

        long[] axes = [.. places.Time, .. places.Height, .. places.Width];
        return new CompletionBatch(
            tensor([.. prompt.Select(id => (long)id)], [1, prompt.Length], device: device).expand(photos, -1).contiguous(),
            tensor(axes, [3, 1, prompt.Length], device: device).expand(-1, photos, -1).contiguous(),
            tensor(read, [count, longest - 1], device: device), arange(next, next + longest - 1, device: device).view(1, 1, -1).expand(3, count, -1).contiguous(),
            tensor([.. photoOf.Select(photo => (long)photo)], device: device), tensor(slots.ToArray(), device: device), tensor(targets.ToArray(), device: device),
            tensor(mask, [count, longest], device: device));
    }

    /// <summary>Scores of the written tokens: [N, V] in fp32, owned by the caller.</summary>
    /// <param name="visual">[visual tokens of the P photos, W], in the order of the photos.</param>
    public Tensor Logits(Qwen25VlModel model, Tensor visual)
    {
        using var scope = NewDisposeScope();
        using var prompts = new SharedPrompts(model.Options.Text.Layers);
        var asked = model.Read(promptIds, promptPositions, visual, prompts);                                       // [P, S, W]
        var deciding = asked.narrow(1, promptIds.shape[1] - 1, 1).index_select(0, photos);                         // [B, 1, W]: decides the first token
        if (ids.shape[1] > 0) deciding = cat([deciding, model.Read(ids, positions, null, prompts.ContinuedBy(photos))], dim: 1);   // [B, T, W]
        return model.Logits(deciding.flatten(0, 1).index_select(0, slots)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>ln π of each written token at a temperature: [B, T], 0 at padding.</summary>
    /// <param name="logits">[N, V] from <see cref="Logits"/>.</param>
    public Tensor LogProbabilities(Tensor logits, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        var chosen = -nn.functional.cross_entropy(logits / temperature, targets, reduction: nn.Reduction.None);
        return zeros(Mask.numel(), device: Mask.device).index_copy(0, slots, chosen).view(Mask.shape).MoveToOuterDisposeScope();
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
