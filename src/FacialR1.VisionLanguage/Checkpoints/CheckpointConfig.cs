using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Qwen25Vl;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The config.json of a checkpoint folder: read with its faults collected, written from options.</summary>
public static class CheckpointConfig
{
    internal const string FileName = "config.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The text of a config.json that <see cref="Qwen25VlOptions.Load"/> and transformers read back as the same architecture.</summary>
    public static string ToJson(Qwen25VlOptions options)
    {
        var (text, vision, tokens) = (options.Text, options.Vision, options.Tokens);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("Qwen2_5_VLForConditionalGeneration"),
            ["model_type"] = "qwen2_5_vl",
            ["vocab_size"] = text.VocabularySize,
            ["hidden_size"] = text.Width,
            ["intermediate_size"] = text.MlpWidth,
            ["num_hidden_layers"] = text.Layers,
            ["num_attention_heads"] = text.QueryHeads,
            ["num_key_value_heads"] = text.KeyValueHeads,
            ["hidden_act"] = "silu",
            ["rms_norm_eps"] = text.NormEpsilon,
            ["rope_theta"] = text.RotaryBase,
            ["rope_scaling"] = new JsonObject { ["type"] = "mrope", ["mrope_section"] = Numbers(text.RotarySections) },
            ["max_position_embeddings"] = text.MaxPositions,
            ["tie_word_embeddings"] = text.TieEmbeddings,
            ["use_sliding_window"] = false,
            ["image_token_id"] = tokens.Image,
            ["video_token_id"] = tokens.Video,
            ["vision_start_token_id"] = tokens.VisionStart,
            ["vision_end_token_id"] = tokens.VisionEnd,
        };
        if (tokens.Beginning is { } beginning) config["bos_token_id"] = beginning;
        if (tokens.End.Count > 0) config["eos_token_id"] = tokens.End.Count == 1 ? tokens.End[0] : Numbers(tokens.End);
        if (tokens.Padding is { } padding) config["pad_token_id"] = padding;
        config["vision_config"] = new JsonObject
        {
            ["model_type"] = "qwen2_5_vl",
            ["depth"] = vision.Depth,
            ["hidden_size"] = vision.Width,
            ["intermediate_size"] = vision.MlpWidth,
            ["num_heads"] = vision.Heads,
            ["hidden_act"] = "silu",
            ["patch_size"] = vision.PatchSize,
            ["temporal_patch_size"] = vision.TemporalPatchSize,
            ["spatial_merge_size"] = vision.MergeSize,
            ["window_size"] = vision.WindowSize,
            ["fullatt_block_indexes"] = Numbers(vision.FullAttentionBlocks),
            // Both spellings occur among readers; a reader that knows one must not fall back to its default.
            ["in_chans"] = vision.Channels,
            ["in_channels"] = vision.Channels,
            ["out_hidden_size"] = vision.OutputWidth,
        };
        return config.ToJsonString(Indented) + "\n";
    }

    /// <summary>Reads a folder's config.json; a fault is added to <paramref name="problems"/> and gives null.</summary>
    internal static Qwen25VlOptions? Read(string folder, List<CheckpointProblem> problems)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            problems.Add(new(path, null, "the file does not exist; a checkpoint folder needs the config.json it was published with."));
            return null;
        }

        try
        {
            return Qwen25VlOptions.Load(folder);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // The options' own messages begin with the path, and so does ours.
            problems.Add(new(path, null, error.Message.StartsWith($"{path}: ", StringComparison.Ordinal) ? error.Message[(path.Length + 2)..] : error.Message));
            return null;
        }
    }

    private static JsonArray Numbers(IEnumerable<int> numbers) => [.. numbers.Select(number => (JsonNode)number)];
}
