using FacialR1.VisionLanguage.Generation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>The language model: embeddings, decoder layers, final norm. The head belongs to <see cref="Qwen25VlModel"/>.</summary>
public sealed class TextDecoder : Module
{
    private readonly Embedding embed_tokens;
    private readonly ModuleList<DecoderLayer> layers;
    private readonly RmsNorm norm;
    private readonly TextOptions options;
    private readonly long[] axisOfFrequency;

    public TextDecoder(TextOptions options, ScalarType? type = null, Device? device = null) : base(nameof(TextDecoder))
    {
        this.options = options;
        axisOfFrequency = [.. options.RotarySections.SelectMany((count, axis) => Enumerable.Repeat((long)axis, count))];
        embed_tokens = Embedding(options.VocabularySize, options.Width, device: device, dtype: type);
        layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, options.Layers).Select(_ => new DecoderLayer(options, type, device))]);
        norm = new RmsNorm(options.Width, options.NormEpsilon, type, device);
        RegisterComponents();
    }

    /// <summary>The embedding matrix [vocabulary, W], which a tied head shares.</summary>
    public Tensor EmbeddingWeight => embed_tokens.weight!;

    /// <param name="ids">[B, T] → [B, T, W].</param>
    public Tensor Embed(Tensor ids) => embed_tokens.call(ids);

    /// <param name="embedded">[B, T, W].</param>
    /// <param name="positions">[3, B, T]: time, height and width of each token.</param>
    /// <param name="visible">[B or 1, 1, T, S], or null for plain causality without a cache.</param>
    /// <returns>[B, T, W] after the final norm, owned by the caller.</returns>
    public Tensor Forward(Tensor embedded, Tensor positions, IKeyValueMemory? cache, Tensor? visible)
    {
        using var scope = NewDisposeScope();
        using var angles = RotaryAngles.Of(Radians(positions).unsqueeze(1));   // [B, 1, T, D]
        var hidden = embedded;
        for (var index = 0; index < options.Layers; index++)
            hidden = layers[index].Forward(hidden, angles, cache?.Layer(index), visible);
        return norm.call(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Each frequency θ^(−2i/D) follows one of the three axes (multimodal rotary positions): [B, T, D/2].</summary>
    private Tensor Radians(Tensor positions)
    {
        var device = positions.device;
        var frequencies = pow(options.RotaryBase, arange(0, options.HeadWidth, 2, ScalarType.Float32, device) / -options.HeadWidth);
        var axes = tensor(axisOfFrequency, device: device);
        return positions.to(ScalarType.Float32).index_select(0, axes).permute(1, 2, 0) * frequencies;
    }
}

/// <summary>x += Attention(Norm(x)); x += Mlp(Norm(x)).</summary>
public sealed class DecoderLayer : Module
{
    private readonly RmsNorm input_layernorm, post_attention_layernorm;
    private readonly GroupedQueryAttention self_attn;
    private readonly GatedMlp mlp;

    public DecoderLayer(TextOptions options, ScalarType? type = null, Device? device = null) : base(nameof(DecoderLayer))
    {
        input_layernorm = new RmsNorm(options.Width, options.NormEpsilon, type, device);
        post_attention_layernorm = new RmsNorm(options.Width, options.NormEpsilon, type, device);
        self_attn = new GroupedQueryAttention(options, type, device);
        mlp = new GatedMlp(options.Width, options.MlpWidth, hasBias: false, type, device);
        RegisterComponents();
    }

    /// <param name="hidden">[B, T, W]. The result has the same shape and belongs to the caller.</param>
    public Tensor Forward(Tensor hidden, RotaryAngles angles, ILayerMemory? cache, Tensor? visible)
    {
        using var scope = NewDisposeScope();
        hidden = hidden + self_attn.Forward(input_layernorm.call(hidden), angles, cache, visible);
        return (hidden + mlp.call(post_attention_layernorm.call(hidden))).MoveToOuterDisposeScope();
    }
}
