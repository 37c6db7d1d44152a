using System.Text.Encodings.Web;
using System.Text.Json;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Reads and writes the Hugging Face layout: <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
internal static class TokenizerFile
{
    public const string Name = "tokenizer.json", ConfigName = "tokenizer_config.json";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file describes another kind of tokenizer or is damaged.</exception>
    public static TokenizerDefinition Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"No tokenizer at '{path}'. A checkpoint folder must contain '{Name}' in the Hugging Face layout.", path);
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement, path);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is not valid JSON ({error.Message}). The file is damaged or cut off: copy it again.", error);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException($"'{path}' is JSON, but not a tokenizer: a value has an unexpected type ({error.Message}).", error);
        }
    }

    /// <summary>Writes both files; the folder must exist.</summary>
    public static void Write(TokenizerDefinition definition, string folder)
    {
        WriteJson(Path.Combine(folder, Name), writer => WriteTokenizer(writer, definition));
        WriteJson(Path.Combine(folder, ConfigName), writer => WriteConfig(writer, definition));
    }

    private static TokenizerDefinition Read(JsonElement root, string path)
    {
        var model = Required(root, "model", JsonValueKind.Object, path);
        Expect(Text(model, "type") is null or "BPE", path, "model.type", "\"BPE\"", Text(model, "type"));
        Expect(Text(model, "unk_token") is null, path, "model.unk_token", "none (a byte-level vocabulary knows every byte)", Text(model, "unk_token"));
        foreach (var key in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            Expect(string.IsNullOrEmpty(Text(model, key)), path, $"model.{key}", "nothing", Text(model, key));
        foreach (var key in (string[])["byte_fallback", "ignore_merges"])
            Expect(!Flag(model, key), path, $"model.{key}", "false", "true");

        var vocabulary = new Dictionary<string, int>();
        foreach (var entry in Required(model, "vocab", JsonValueKind.Object, path).EnumerateObject()) vocabulary[entry.Name] = entry.Value.GetInt32();

        var merges = new List<(string, string)>();
        foreach (var merge in Required(model, "merges", JsonValueKind.Array, path).EnumerateArray()) merges.Add(ReadMerge(merge, merges.Count, path));

        return new TokenizerDefinition(vocabulary, merges, ReadPattern(root, path), ReadNormalizer(root, path), ReadAddedTokens(root, path));
    }

    /// <summary>Older files write a merge as "a b", newer ones as ["a", "b"].</summary>
    private static (string, string) ReadMerge(JsonElement merge, int index, string path)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2) return (merge[0].GetString()!, merge[1].GetString()!);
        var parts = merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ') : [];
        Expect(parts.Length == 2, path, $"model.merges[{index}]", "two tokens", merge.GetRawText());
        return (parts[0], parts[1]);
    }

    private static bool ReadNormalizer(JsonElement root, string path)
    {
        if (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind == JsonValueKind.Null) return false;
        Expect(Text(normalizer, "type") == "NFC", path, "normalizer", "\"NFC\" or none", normalizer.GetRawText());
        return true;
    }

    private static string ReadPattern(JsonElement root, string path)
    {
        const string expected = "a sequence of one isolating Split with a Regex pattern and ByteLevel without a pattern of its own";
        var steps = Required(root, "pre_tokenizer", JsonValueKind.Object, path).TryGetProperty("pretokenizers", out var list) ? list.EnumerateArray().ToArray() : [];
        Expect(steps.Length == 2 && Text(steps[0], "type") == "Split" && Text(steps[1], "type") == "ByteLevel", path, "pre_tokenizer", expected, null);
        Expect(Text(steps[0], "behavior") == "Isolated" && !Flag(steps[0], "invert"), path, "pre_tokenizer.pretokenizers[0]", expected, steps[0].GetRawText());
        Expect(!Flag(steps[1], "add_prefix_space") && !Flag(steps[1], "use_regex", absent: true), path, "pre_tokenizer.pretokenizers[1]", expected, steps[1].GetRawText());
        var pattern = Text(Required(steps[0], "pattern", JsonValueKind.Object, path), "Regex");
        Expect(pattern is not null, path, "pre_tokenizer.pretokenizers[0].pattern", "a Regex", null);
        return pattern!;
    }

    private static List<AddedToken> ReadAddedTokens(JsonElement root, string path)
    {
        var tokens = new List<AddedToken>();
        if (!root.TryGetProperty("added_tokens", out var list) || list.ValueKind == JsonValueKind.Null) return tokens;
        foreach (var item in list.EnumerateArray())
        {
            var content = Text(item, "content");
            Expect(!string.IsNullOrEmpty(content), path, $"added_tokens[{tokens.Count}].content", "a text", null);
            foreach (var key in (string[])["single_word", "lstrip", "rstrip"])
                Expect(!Flag(item, key), path, $"added_tokens[{tokens.Count}].{key}", "false", "true");
            tokens.Add(new AddedToken(Required(item, "id", JsonValueKind.Number, path).GetInt32(), content!, Flag(item, "special"), Flag(item, "normalized")));
        }
        return tokens;
    }

    private static void WriteTokenizer(Utf8JsonWriter writer, TokenizerDefinition definition)
    {
        writer.WriteString("version", "1.0");
        writer.WriteNull("truncation");
        writer.WriteNull("padding");

        writer.WriteStartArray("added_tokens");
        foreach (var token in definition.AddedTokens)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", token.Id);
            WriteAddedToken(writer, token);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();

        if (definition.Normalizes) WriteObject(writer, "normalizer", () => writer.WriteString("type", "NFC"));
        else writer.WriteNull("normalizer");

        WriteObject(writer, "pre_tokenizer", () =>
        {
            writer.WriteString("type", "Sequence");
            writer.WriteStartArray("pretokenizers");
            WriteObject(writer, null, () =>
            {
                writer.WriteString("type", "Split");
                WriteObject(writer, "pattern", () => writer.WriteString("Regex", definition.Pattern));
                writer.WriteString("behavior", "Isolated");
                writer.WriteBoolean("invert", false);
            });
            WriteObject(writer, null, () => WriteByteLevel(writer));
            writer.WriteEndArray();
        });
        WriteObject(writer, "post_processor", () => WriteByteLevel(writer));
        WriteObject(writer, "decoder", () => WriteByteLevel(writer));

        WriteObject(writer, "model", () =>
        {
            writer.WriteString("type", "BPE");
            writer.WriteNull("dropout");
            writer.WriteNull("unk_token");
            writer.WriteString("continuing_subword_prefix", "");
            writer.WriteString("end_of_word_suffix", "");
            writer.WriteBoolean("fuse_unk", false);
            writer.WriteBoolean("byte_fallback", false);
            WriteObject(writer, "vocab", () =>
            {
                foreach (var (token, id) in definition.Vocabulary.OrderBy(entry => entry.Value)) writer.WriteNumber(token, id);
            });
            writer.WriteStartArray("merges");
            foreach (var (left, right) in definition.Merges) writer.WriteStringValue($"{left} {right}");
            writer.WriteEndArray();
        });
    }

    private static void WriteConfig(Utf8JsonWriter writer, TokenizerDefinition definition)
    {
        writer.WriteString("tokenizer_class", "Qwen2Tokenizer");
        writer.WriteBoolean("add_prefix_space", false);
        WriteObject(writer, "added_tokens_decoder", () =>
        {
            foreach (var token in definition.AddedTokens) WriteObject(writer, $"{token.Id}", () => WriteAddedToken(writer, token));
        });
        writer.WriteStartArray("additional_special_tokens");
        foreach (var token in definition.AddedTokens.Where(token => token.IsSpecial && token.Content != QwenTokens.EndOfText)) writer.WriteStringValue(token.Content);
        writer.WriteEndArray();
        writer.WriteNull("bos_token");
        writer.WriteString("chat_template", ChatTemplate.Jinja);
        writer.WriteBoolean("clean_up_tokenization_spaces", false);
        writer.WriteString("eos_token", QwenTokens.TurnEnd);
        writer.WriteString("errors", "replace");
        writer.WriteString("pad_token", QwenTokens.EndOfText);
        writer.WriteBoolean("split_special_tokens", false);
        writer.WriteNull("unk_token");
    }

    private static void WriteAddedToken(Utf8JsonWriter writer, AddedToken token)
    {
        writer.WriteString("content", token.Content);
        writer.WriteBoolean("single_word", false);
        writer.WriteBoolean("lstrip", false);
        writer.WriteBoolean("rstrip", false);
        writer.WriteBoolean("normalized", token.IsNormalized);
        writer.WriteBoolean("special", token.IsSpecial);
    }

    private static void WriteByteLevel(Utf8JsonWriter writer)
    {
        writer.WriteString("type", "ByteLevel");
        writer.WriteBoolean("add_prefix_space", false);
        writer.WriteBoolean("trim_offsets", false);
        writer.WriteBoolean("use_regex", false);
    }

    private static void WriteObject(Utf8JsonWriter writer, string? name, Action content)
    {
        if (name is null) writer.WriteStartObject();
        else writer.WriteStartObject(name);
        content();
        writer.WriteEndObject();
    }

    private static void WriteJson(string path, Action<Utf8JsonWriter> content)
    {
        // "Ġ" and "<|" are to stay readable: the file never becomes part of a web page.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var stream = File.Create(path);
        using (var writer = new Utf8JsonWriter(stream, options)) WriteObject(writer, null, () => content(writer));
        stream.Write("\n"u8);
    }

    private static JsonElement Required(JsonElement parent, string name, JsonValueKind kind, string path)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind) return value;
        throw new InvalidDataException($"'{path}' has no '{name}' of kind {kind}: expected a byte-level BPE tokenizer.json as written by Hugging Face tokenizers.");
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement parent, string name, bool absent = false) =>
        parent.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True : absent;

    private static void Expect(bool holds, string path, string what, string expected, string? found)
    {
        if (holds) return;
        var instead = found is null ? "" : $", but it says {found}";
        throw new InvalidDataException($"'{path}': '{what}' must be {expected}{instead}. Only byte-level BPE tokenizers of the Qwen2 kind are supported.");
    }
}
