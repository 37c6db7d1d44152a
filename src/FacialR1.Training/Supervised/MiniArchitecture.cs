using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Supervised;

/// <summary>Facial-R1 Mini: the Qwen2.5-VL architecture at a size that two processor cores can train.</summary>
/// <remarks>48 × 48 pixels are 8 × 8 patches of 6 pixels and 16 visual tokens. Photos are read in grey, because the training photos are grey.</remarks>
public static class MiniArchitecture
{
    /// <summary>Pixels per side of the picture that the model sees.</summary>
    public const int Side = 48;

    private const int PatchSize = 6, VisionDepth = 7, VisionHeads = 6, Width = 192, MlpWidth = 512, TextLayers = 4, TextHeads = 6, KeyValueHeads = 2;

    /// <summary>How pictures are prepared: always 48 × 48, grey levels spread around zero.</summary>
    public static ImageProcessorOptions Processor { get; } = new()
    {
        PatchSize = PatchSize, MinimumPixels = Side * Side, MaximumPixels = Side * Side, ImageMean = [0.5f, 0.5f, 0.5f], ImageStd = [0.25f, 0.25f, 0.25f],
        IsGrey = true,
    };

    /// <summary>The text of <c>config.json</c> for a vocabulary.</summary>
    public static JsonObject Config(Tokenizer tokenizer) => new()
    {
        ["architectures"] = new JsonArray("Qwen2_5_VLForConditionalGeneration"),
        ["model_type"] = "qwen2_5_vl",
        ["vocab_size"] = tokenizer.VocabularySize,
        ["hidden_size"] = Width,
        ["intermediate_size"] = MlpWidth,
        ["num_hidden_layers"] = TextLayers,
        ["num_attention_heads"] = TextHeads,
        ["num_key_value_heads"] = KeyValueHeads,
        ["hidden_act"] = "silu",
        ["max_position_embeddings"] = 1024,
        ["rms_norm_eps"] = 1e-6,
        ["rope_theta"] = 10000.0,
        ["rope_scaling"] = new JsonObject { ["type"] = "mrope", ["mrope_section"] = new JsonArray(4, 6, 6) },
        ["tie_word_embeddings"] = true,
        ["image_token_id"] = tokenizer.IdOf(QwenTokens.ImagePad),
        ["video_token_id"] = tokenizer.IdOf(QwenTokens.VideoPad),
        ["vision_start_token_id"] = tokenizer.IdOf(QwenTokens.VisionStart),
        ["vision_end_token_id"] = tokenizer.IdOf(QwenTokens.VisionEnd),
        ["bos_token_id"] = tokenizer.IdOf(QwenTokens.EndOfText),
        ["eos_token_id"] = tokenizer.IdOf(QwenTokens.TurnEnd),
        ["pad_token_id"] = tokenizer.IdOf(QwenTokens.EndOfText),
        ["torch_dtype"] = "bfloat16",
        ["vision_config"] = new JsonObject
        {
            ["depth"] = VisionDepth, ["hidden_size"] = Width, ["intermediate_size"] = MlpWidth, ["num_heads"] = VisionHeads,
            ["patch_size"] = PatchSize, ["temporal_patch_size"] = 2, ["spatial_merge_size"] = 2, ["window_size"] = 4 * PatchSize,
            ["fullatt_block_indexes"] = new JsonArray(1, 3, 5, 6), ["out_hidden_size"] = Width, ["hidden_act"] = "silu", ["in_chans"] = 3,
        },
    };

    /// <summary>Visual tokens of one face.</summary>
    public static int VisualTokens(VisionOptions vision)
    {
        var cells = Side / (vision.PatchSize * vision.MergeSize);
        return cells * cells;
    }

    /// <summary>A model with fresh weights: small normal ones, residual branches scaled down by depth (Radford et al. 2019).</summary>
    public static Qwen25VlModel Fresh(Qwen25VlOptions options, int seed)
    {
        manual_seed(seed);
        var model = new Qwen25VlModel(options);
        using var noGradient = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) init.zeros_(parameter);
            else if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)) init.normal_(parameter, 0, 0.03);
            else if (parameter.dim() > 1)
            {
                var depth = name.StartsWith("visual", StringComparison.Ordinal) ? options.Vision.Depth : options.Text.Layers;
                var endsBranch = name.EndsWith("attn.proj.weight", StringComparison.Ordinal) || name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                    || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
                var fanIn = parameter.numel() / parameter.shape[0];
                init.normal_(parameter, 0, 0.6 / Math.Sqrt(fanIn) / (endsBranch ? Math.Sqrt(2 * depth) : 1));
            }
        }

        return model;
    }
}
