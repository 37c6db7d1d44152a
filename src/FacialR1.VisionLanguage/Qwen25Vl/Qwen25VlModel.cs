using FacialR1.VisionLanguage.Generation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>The whole Qwen2.5-VL architecture. Holds weights and options only; anything born of a request is an argument or a result.</summary>
/// <remarks>B batch, T new tokens, S cached + new tokens, V visual tokens of all images, W width. Field names are the checkpoint's key names.</remarks>
public sealed class Qwen25VlModel : Module
{
    private readonly VisionTower visual;
    private readonly TextDecoder model;
    private readonly Linear? lm_head;

    /// <summary>Random weights of the given type on the given device (float32 on the CPU by default); a large model never exists in a wider type first.</summary>
    public Qwen25VlModel(Qwen25VlOptions options, ScalarType? type = null, Device? device = null) : base(nameof(Qwen25VlModel))
    {
        Options = options;
        visual = new VisionTower(options.Vision, type, device);
        model = new TextDecoder(options.Text, type, device);
        lm_head = options.Text.TieEmbeddings ? null : Linear(options.Text.Width, options.Text.VocabularySize, hasBias: false, device, type);
        RegisterComponents();
        // Some of TorchSharp's modules leave their weights in the dispose scope they were made in; a model outlives its maker's scope.
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
    }

    public Qwen25VlOptions Options { get; }

    public VisionTower Vision => visual;

    /// <summary>Device of the weights.</summary>
    public Device Device => model.EmbeddingWeight.device;

    /// <summary>Type of the weights and of everything between the layers.</summary>
    public ScalarType Type => model.EmbeddingWeight.dtype;

    /// <summary>Reads tokens, their image placeholders replaced by visual tokens, and returns the last hidden states.</summary>
    /// <param name="ids">[B, T].</param>
    /// <param name="positions">[3, B, T], see <see cref="MultimodalPositions"/>.</param>
    /// <param name="visualTokens">[V, W] from <see cref="VisionTower.Encode"/>, in the order of the placeholders over the flattened batch; null without images.</param>
    /// <param name="cache">What was read before; it grows by T. Null for one whole pass.</param>
    /// <param name="attended">[B, S], false where a row is padded; null when no row is.</param>
    /// <param name="visible">[B or 1, 1, T, S], true where a token may look, in place of causality and padding; null for those.</param>
    /// <returns>[B, T, W], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The number of placeholders is not V.</exception>
    public Tensor Read(Tensor ids, Tensor positions, Tensor? visualTokens = null, IKeyValueMemory? cache = null, Tensor? attended = null, Tensor? visible = null)
    {
        using var scope = NewDisposeScope();
        var embedded = model.Embed(ids);                                        // [B, T, W]
        if (visualTokens is not null) embedded = WithImages(embedded, ids, visualTokens);
        return model.Forward(embedded, positions, cache, visible ?? Visible(ids.shape[1], cache?.Length ?? 0, attended, ids.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of every token of the vocabulary.</summary>
    /// <param name="hidden">[…, W] → […, vocabulary].</param>
    public Tensor Logits(Tensor hidden) => lm_head is null ? functional.linear(hidden, model.EmbeddingWeight) : lm_head.call(hidden);

    private Tensor WithImages(Tensor embedded, Tensor ids, Tensor visualTokens)
    {
        var places = ids.flatten().eq(Options.Tokens.Image).nonzero().flatten();   // [V]
        if (places.shape[0] != visualTokens.shape[0])
            throw new ArgumentException($"The ids have {places.shape[0]} image placeholders, {visualTokens.shape[0]} visual tokens came.", nameof(visualTokens));
        return embedded.flatten(0, 1).index_copy(0, places, visualTokens.to(embedded.dtype)).view(embedded.shape);
    }

    /// <summary>Who may look at whom, or null where plain causality says it all: in a pass from the start, and for a single new token.</summary>
    private static Tensor? Visible(long tokens, long cached, Tensor? attended, Device device)
    {
        if (attended is null && (cached == 0 || tokens == 1)) return null;
        if (attended is not null && tokens == 1) return attended.view(attended.shape[0], 1, 1, -1);

        // Counting from the last key is right with and without a cache; the built-in causal flag counts from the first.
        var causal = ones(tokens, cached + tokens, dtype: ScalarType.Bool, device: device).tril(cached).view(1, 1, tokens, cached + tokens);
        if (attended is null) return causal;

        // A padded token sees itself, so that its softmax is defined; nobody reads its result.
        var itself = eye(tokens, dtype: ScalarType.Bool, device: device);
        var own = cat([zeros(tokens, cached, dtype: ScalarType.Bool, device: device), itself], dim: 1);
        return causal.logical_and(attended.view(attended.shape[0], 1, 1, -1)).logical_or(own);
    }
}
