using System.Text.Json;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>The ids with a meaning for the generation loop.</summary>
/// <param name="Stop">Each of them ends an answer.</param>
/// <param name="Padding">Fills shorter prompts in front; never seen by the model.</param>
/// <param name="NeverChosen">Ids no answer may contain: rows of the output that stand for no token.</param>
public sealed record GenerationTokens(IReadOnlyList<int> Stop, int Padding, IReadOnlyList<int> NeverChosen)
{
    internal const string FileName = "generation_config.json";

    /// <summary>What a checkpoint folder says: <c>generation_config.json</c> if there is one, else <c>config.json</c>; the end of a turn always stops.</summary>
    /// <exception cref="InvalidDataException">The file is not valid, or an entry is not a whole number.</exception>
    public static GenerationTokens Of(string folder, Qwen25VlOptions options, Tokenizer tokenizer)
    {
        var (stop, padding) = Read(Path.Combine(folder, FileName));
        List<int> ends = [.. stop.Count > 0 ? stop : options.Tokens.End];
        foreach (var content in (string[])[QwenTokens.TurnEnd, QwenTokens.EndOfText])
            if (tokenizer.TryIdOf(content) is { } id) ends.Add(id);

        var nameless = Enumerable.Range(0, options.Text.VocabularySize).Where(id => !tokenizer.HasToken(id));
        return new GenerationTokens([.. ends.Distinct()], padding ?? options.Tokens.Padding ?? tokenizer.TryIdOf(QwenTokens.EndOfText) ?? 0, [.. nameless]);
    }

    private static (IReadOnlyList<int> Stop, int? Padding) Read(string file)
    {
        if (!File.Exists(file)) return ([], null);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            IReadOnlyList<int> stop = !root.TryGetProperty("eos_token_id", out var end) || end.ValueKind == JsonValueKind.Null ? []
                : end.ValueKind == JsonValueKind.Array ? [.. end.EnumerateArray().Select(item => item.GetInt32())] : [end.GetInt32()];
            return (stop, root.TryGetProperty("pad_token_id", out var pad) && pad.ValueKind != JsonValueKind.Null ? pad.GetInt32() : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: eos_token_id and pad_token_id must be whole numbers in valid JSON ({error.Message}).", error);
        }
    }
}
