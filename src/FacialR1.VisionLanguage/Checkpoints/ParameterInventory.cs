using FacialR1.VisionLanguage.Qwen25Vl;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>One parameter of the architecture.</summary>
/// <param name="Name">In the published spelling, see <see cref="CheckpointNames"/>.</param>
/// <param name="Shape">Sizes of the axes, outermost first; linear weights are [out, in].</param>
public sealed record ParameterShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Number of weights.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>How many weights a model has.</summary>
/// <param name="Vision">Vision tower and merger.</param>
/// <param name="Text">Embedding, decoder and, where untied, head.</param>
public readonly record struct ParameterCount(long Vision, long Text)
{
    /// <summary>All weights.</summary>
    public long Total => Vision + Text;
}

/// <summary>Every parameter that a configuration implies, by arithmetic alone: nothing is allocated, so it answers for 7B as fast as for Mini.</summary>
public static class ParameterInventory
{
    /// <summary>Names and shapes, vision tower first, then decoder, then the head unless it is tied.</summary>
    public static IEnumerable<ParameterShape> Of(Qwen25VlOptions options) => Vision(options.Vision).Concat(Text(options.Text));

    /// <summary>The number of weights of the model and its two halves.</summary>
    public static ParameterCount Count(Qwen25VlOptions options) =>
        new(Vision(options.Vision).Sum(parameter => parameter.Count), Text(options.Text).Sum(parameter => parameter.Count));

    private static IEnumerable<ParameterShape> Vision(VisionOptions options)
    {
        yield return new("visual.patch_embed.proj.weight", [options.Width, options.Channels, options.TemporalPatchSize, options.PatchSize, options.PatchSize]);
        for (var index = 0; index < options.Depth; index++)
        {
            var block = $"visual.blocks.{index}";
            yield return new($"{block}.norm1.weight", [options.Width]);
            yield return new($"{block}.norm2.weight", [options.Width]);
            foreach (var parameter in Linear($"{block}.attn.qkv", 3L * options.Width, options.Width, hasBias: true)) yield return parameter;
            foreach (var parameter in Linear($"{block}.attn.proj", options.Width, options.Width, hasBias: true)) yield return parameter;
            foreach (var parameter in Mlp(block, options.Width, options.MlpWidth, hasBias: true)) yield return parameter;
        }

        var cell = (long)options.Width * options.MergeSize * options.MergeSize;
        yield return new("visual.merger.ln_q.weight", [options.Width]);
        foreach (var parameter in Linear("visual.merger.mlp.0", cell, cell, hasBias: true)) yield return parameter;
        foreach (var parameter in Linear("visual.merger.mlp.2", options.OutputWidth, cell, hasBias: true)) yield return parameter;
    }

    private static IEnumerable<ParameterShape> Text(TextOptions options)
    {
        long queryWidth = options.QueryHeads * options.HeadWidth, keyWidth = options.KeyValueHeads * options.HeadWidth;
        yield return new("model.embed_tokens.weight", [options.VocabularySize, options.Width]);
        for (var index = 0; index < options.Layers; index++)
        {
            var layer = $"model.layers.{index}";
            yield return new($"{layer}.input_layernorm.weight", [options.Width]);
            yield return new($"{layer}.post_attention_layernorm.weight", [options.Width]);
            foreach (var parameter in Linear($"{layer}.self_attn.q_proj", queryWidth, options.Width, hasBias: true)) yield return parameter;
            foreach (var parameter in Linear($"{layer}.self_attn.k_proj", keyWidth, options.Width, hasBias: true)) yield return parameter;
            foreach (var parameter in Linear($"{layer}.self_attn.v_proj", keyWidth, options.Width, hasBias: true)) yield return parameter;
            foreach (var parameter in Linear($"{layer}.self_attn.o_proj", options.Width, queryWidth, hasBias: false)) yield return parameter;
            foreach (var parameter in Mlp(layer, options.Width, options.MlpWidth, hasBias: false)) yield return parameter;
        }

        yield return new("model.norm.weight", [options.Width]);
        if (!options.TieEmbeddings) yield return new(CheckpointNames.Head, [options.VocabularySize, options.Width]);
    }

    private static IEnumerable<ParameterShape> Mlp(string owner, long width, long innerWidth, bool hasBias) =>
        Linear($"{owner}.mlp.gate_proj", innerWidth, width, hasBias)
            .Concat(Linear($"{owner}.mlp.up_proj", innerWidth, width, hasBias))
            .Concat(Linear($"{owner}.mlp.down_proj", width, innerWidth, hasBias));

    private static IEnumerable<ParameterShape> Linear(string name, long to, long from, bool hasBias)
    {
        yield return new($"{name}.weight", [to, from]);
        if (hasBias) yield return new($"{name}.bias", [to]);
    }
}
