using FacialR1.VisionLanguage.Generation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Causal self-attention of one decoder layer, several query heads on one key/value head. What was read before is the caller's cache.</summary>
/// <remarks>B batch, T new tokens, S cached + new tokens, H query heads, G key/value heads, D head width, W model width.</remarks>
public sealed class GroupedQueryAttention : Module
{
    private readonly Linear q_proj, k_proj, v_proj, o_proj;
    private readonly long headWidth, queriesPerKey;

    public GroupedQueryAttention(TextOptions options, ScalarType? type = null, Device? device = null) : base(nameof(GroupedQueryAttention))
    {
        (headWidth, queriesPerKey) = (options.HeadWidth, options.QueryHeads / options.KeyValueHeads);
        q_proj = Linear(options.Width, options.QueryHeads * headWidth, device: device, dtype: type);
        k_proj = Linear(options.Width, options.KeyValueHeads * headWidth, device: device, dtype: type);
        v_proj = Linear(options.Width, options.KeyValueHeads * headWidth, device: device, dtype: type);
        o_proj = Linear(options.QueryHeads * headWidth, options.Width, hasBias: false, device, type);
        RegisterComponents();
    }

    /// <summary>softmax(QKᵀ/√D)·V over everything read so far.</summary>
    /// <param name="hidden">[B, T, W]. The result has the same shape and belongs to the caller.</param>
    /// <param name="visible">[B or 1, 1, T, S], true where a token may look; null means plainly causal: without a cache, or for one new token.</param>
    public Tensor Forward(Tensor hidden, RotaryAngles angles, ILayerMemory? cache, Tensor? visible)
    {
        using var scope = NewDisposeScope();
        var q = angles.Rotate(SplitHeads(q_proj.call(hidden)));   // [B, H, T, D]
        var k = angles.Rotate(SplitHeads(k_proj.call(hidden)));   // [B, G, T, D]
        var v = SplitHeads(v_proj.call(hidden));                  // [B, G, T, D]
        if (cache is not null) (k, v) = cache.Append(k, v);       // [B, G, S, D]

        var mixed = q.shape[2] == 1 ? OneToken(q, k, v, visible) : ScaledDotProduct.Mix(q, PerQueryHead(k), PerQueryHead(v), visible, isCausal: visible is null);
        return o_proj.call(mixed.transpose(1, 2).flatten(start_dim: 2)).MoveToOuterDisposeScope();
    }

    /// <summary>One new token per row: the query heads of a key head stand in the place of tokens, so the cache need not be repeated for each of them.</summary>
    /// <param name="visible">[B or 1, 1, 1, S]; null lets the token see everything, as plain causality would.</param>
    private Tensor OneToken(Tensor q, Tensor k, Tensor v, Tensor? visible) =>
        ScaledDotProduct.Mix(q.reshape(q.shape[0], -1, queriesPerKey, headWidth), k, v, visible).reshape(q.shape);   // [B, H, 1, D]

    private Tensor SplitHeads(Tensor x) => x.reshape(x.shape[0], x.shape[1], -1, headWidth).transpose(1, 2);

    private Tensor PerQueryHead(Tensor x) => queriesPerKey == 1 ? x : x.repeat_interleave(queriesPerKey, dim: 1);   // [B, H, S, D]
}
