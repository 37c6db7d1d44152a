using System.Text.Json;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The two facts of config.json that decide how weights are read.</summary>
/// <param name="ModelType">The architecture's name.</param>
/// <param name="IsHeadTied">The output projection is the embedding matrix.</param>
internal sealed record CheckpointConfig(string ModelType, bool IsHeadTied)
{
    public const string FileName = "config.json";
    private const string KnownModelType = "qwen2_5_vl";

    /// <summary>Reads a folder's config.json; a fault is added to <paramref name="problems"/> and gives null.</summary>
    public static CheckpointConfig? Read(string folder, List<CheckpointProblem> problems)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var type = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model_type", out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
            if (type == KnownModelType) return new(type, IsTied(root));
            problems.Add(new(path, null, $"unknown architecture: model_type is {(type is null ? "absent" : $"'{type}'")}, expected '{KnownModelType}'."));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new(path, null, "the file does not exist; a checkpoint folder needs the config.json it was published with."));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            problems.Add(new(path, null, $"cannot be read as JSON: {error.Message}"));
        }

        return null;
    }

    /// <summary>Newer files nest the text model's keys; an absent key means untied, as in the reference.</summary>
    private static bool IsTied(JsonElement root)
    {
        const string Key = "tie_word_embeddings";
        if (root.TryGetProperty(Key, out var tied)) return tied.ValueKind == JsonValueKind.True;
        return root.TryGetProperty("text_config", out var text) && text.ValueKind == JsonValueKind.Object
            && text.TryGetProperty(Key, out tied) && tied.ValueKind == JsonValueKind.True;
    }
}
