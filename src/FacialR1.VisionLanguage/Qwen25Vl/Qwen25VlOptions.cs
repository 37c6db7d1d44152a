using System.Text.Json;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>The decoder's numbers, as in the text part of <c>config.json</c>.</summary>
/// <param name="RotarySections">How many rotary frequencies follow the time, height and width axis (<c>mrope_section</c>); their sum is half of <paramref name="HeadWidth"/>.</param>
public sealed record TextOptions(
    int VocabularySize, int Width, int MlpWidth, int Layers, int QueryHeads, int KeyValueHeads, double NormEpsilon, double RotaryBase,
    IReadOnlyList<int> RotarySections, bool TieEmbeddings, int MaxPositions)
{
    public int HeadWidth => Width / QueryHeads;
}

/// <summary>The vision tower's numbers, as in <c>vision_config</c>.</summary>
/// <param name="MergeSize">Patches per side of a merge cell; one cell becomes one visual token.</param>
/// <param name="WindowSize">Side of an attention window in pixels.</param>
/// <param name="FullAttentionBlocks">Blocks that see the whole image; the others see one window.</param>
/// <param name="OutputWidth">The decoder's width.</param>
public sealed record VisionOptions(
    int Depth, int Width, int MlpWidth, int Heads, int PatchSize, int TemporalPatchSize, int MergeSize, int WindowSize, int Channels,
    IReadOnlyList<int> FullAttentionBlocks, int OutputWidth)
{
    public int HeadWidth => Width / Heads;

    /// <summary>Numbers per patch: channels × frames × side × side.</summary>
    public int PatchLength => Channels * TemporalPatchSize * PatchSize * PatchSize;
}

/// <summary>The special tokens that the architecture itself must know.</summary>
public sealed record TokenOptions(int Image, int Video, int VisionStart, int VisionEnd, int? Beginning, IReadOnlyList<int> End, int? Padding);

/// <summary>A whole <c>config.json</c> of the Qwen2.5-VL architecture.</summary>
public sealed record Qwen25VlOptions(TextOptions Text, VisionOptions Vision, TokenOptions Tokens)
{
    /// <summary>Reads <c>config.json</c>: text keys at the root (older files) or nested under <c>text_config</c> (newer ones); vision defaults may be omitted.</summary>
    /// <param name="folder">The checkpoint folder, or the file itself.</param>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">A key is missing, of the wrong kind or inconsistent; the message names file and key.</exception>
    public static Qwen25VlOptions Load(string folder)
    {
        var file = Directory.Exists(folder) ? Path.Combine(folder, "config.json") : folder;
        if (!File.Exists(file)) throw new FileNotFoundException($"{file} was not found. A checkpoint folder needs a config.json.", file);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Read(document.RootElement, file);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is not valid JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: a value is not of the expected kind: {error.Message}", error);
        }
    }

    private static Qwen25VlOptions Read(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{file}: a JSON object was expected, this is of kind {root.ValueKind}.");
        var type = root.TryGetProperty("model_type", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        if (type != "qwen2_5_vl")
            throw new InvalidDataException($"{file}: model_type is '{type ?? "absent"}'; this program reads 'qwen2_5_vl' only.");

        var keys = new ConfigKeys(file, root.TryGetProperty("text_config", out var nested) ? [nested, root] : [root]);
        var width = keys.Whole("hidden_size");
        var heads = keys.Whole("num_attention_heads");
        var rope = keys.Find("rope_scaling") ?? keys.Find("rope_parameters");
        var sections = rope is { ValueKind: JsonValueKind.Object } && rope.Value.TryGetProperty("mrope_section", out var list)
            ? list.EnumerateArray().Select(item => item.GetInt32()).ToArray()
            : throw new InvalidDataException($"{file}: rope_scaling.mrope_section is missing; three numbers were expected.");
        var text = new TextOptions(
            keys.Whole("vocab_size"), width, keys.Whole("intermediate_size"), keys.Whole("num_hidden_layers"), heads,
            keys.Whole("num_key_value_heads", heads), keys.Number("rms_norm_eps", 1e-6),
            rope.Value.TryGetProperty("rope_theta", out var theta) ? theta.GetDouble() : keys.Number("rope_theta", 1e6),
            sections, keys.Flag("tie_word_embeddings", false), keys.Whole("max_position_embeddings", 32768));

        if (!root.TryGetProperty("vision_config", out var visionJson)) throw new InvalidDataException($"{file}: vision_config is missing.");
        var look = new ConfigKeys($"{file} (vision_config)", [visionJson]);
        var vision = new VisionOptions(
            look.Whole("depth", 32), look.Whole("hidden_size", 1280), look.Whole("intermediate_size", 3420), look.Whole("num_heads", 16),
            look.Whole("patch_size", look.Whole("spatial_patch_size", 14)), look.Whole("temporal_patch_size", 2), look.Whole("spatial_merge_size", 2),
            look.Whole("window_size", 112), look.Whole("in_chans", look.Whole("in_channels", 3)),
            look.Find("fullatt_block_indexes") is { } blocks ? [.. blocks.EnumerateArray().Select(item => item.GetInt32())] : [7, 15, 23, 31],
            look.Whole("out_hidden_size", width));

        var tokens = new TokenOptions(
            keys.Whole("image_token_id", 151655), keys.Whole("video_token_id", 151656), keys.Whole("vision_start_token_id", 151652),
            keys.Whole("vision_end_token_id", 151653), keys.OptionalWhole("bos_token_id"), keys.Wholes("eos_token_id"), keys.OptionalWhole("pad_token_id"));
        var options = new Qwen25VlOptions(text, vision, tokens);
        options.Check(file);
        return options;
    }

    private void Check(string file)
    {
        List<string> faults = [];
        void Expect(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }

        Expect(Text.Width % Text.QueryHeads == 0, $"hidden_size {Text.Width} is not a multiple of num_attention_heads {Text.QueryHeads}");
        Expect(Text.QueryHeads % Text.KeyValueHeads == 0, $"num_attention_heads {Text.QueryHeads} is not a multiple of num_key_value_heads {Text.KeyValueHeads}");
        Expect(Text.RotarySections.Count == 3 && Text.RotarySections.Sum() * 2 == Text.HeadWidth,
            $"mrope_section [{string.Join(", ", Text.RotarySections)}] must be three numbers that sum to half the head width {Text.HeadWidth}");
        Expect(Vision.Width % Vision.Heads == 0 && Vision.HeadWidth % 4 == 0,
            $"vision hidden_size {Vision.Width} over num_heads {Vision.Heads} must give a head width that is a multiple of 4");
        Expect(Vision.OutputWidth == Text.Width, $"vision out_hidden_size {Vision.OutputWidth} must equal hidden_size {Text.Width}");
        Expect(Vision.WindowSize % (Vision.PatchSize * Vision.MergeSize) == 0,
            $"window_size {Vision.WindowSize} must be a multiple of patch_size × spatial_merge_size {Vision.PatchSize * Vision.MergeSize}");
        if (faults.Count > 0) throw new InvalidDataException($"{file}: {string.Join("; ", faults)}.");
    }

    /// <summary>Looks keys up in several objects, first hit wins, and words the faults.</summary>
    private sealed class ConfigKeys(string file, IReadOnlyList<JsonElement> objects)
    {
        public JsonElement? Find(string key)
        {
            foreach (var json in objects)
                if (json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null) return value;
            return null;
        }

        public int Whole(string key, int? otherwise = null) =>
            OptionalWhole(key) ?? otherwise ?? throw new InvalidDataException($"{file}: {key} is missing; a whole number was expected.");

        public int? OptionalWhole(string key) => Find(key) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
            : throw new InvalidDataException($"{file}: {key} is {value.GetRawText()}; a whole number was expected.");

        public IReadOnlyList<int> Wholes(string key) => Find(key) is not { } value ? []
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetInt32())] : [Whole(key)];

        public double Number(string key, double otherwise) => Find(key) is not { } value ? otherwise
            : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : throw new InvalidDataException($"{file}: {key} is {value.GetRawText()}; a number was expected.");

        public bool Flag(string key, bool otherwise) => Find(key) is not { } value ? otherwise
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw new InvalidDataException($"{file}: {key} is {value.GetRawText()}; true or false was expected.");
    }
}
