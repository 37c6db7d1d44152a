using System.Text.Json;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>Finds and opens the weight files of a folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> lists.</summary>
internal static class CheckpointShards
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>File names of the weights, in ordinal order; faults are added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<string> Find(string folder, List<CheckpointProblem> problems) => [.. Shards(folder, problems).Select(shard => shard.FileName)];

    /// <summary>Opens every weight file that can be opened and checks that index and shards agree.</summary>
    public static List<SafetensorsFile> Open(string folder, List<CheckpointProblem> problems)
    {
        var files = new List<SafetensorsFile>();
        foreach (var (fileName, listed) in Shards(folder, problems))
        {
            var path = Path.Combine(folder, fileName);
            if (listed is not null && !File.Exists(path))
            {
                problems.Add(new(path, null, $"the shard does not exist; {IndexFile} expects {listed.Count} tensors in it, '{listed.Min}' among them. Fetch it and put it into the folder."));
                continue;
            }

            try
            {
                var file = SafetensorsFile.Open(path);
                files.Add(file);
                if (listed is not null) CompareWithIndex(file, listed, problems);
            }
            catch (CheckpointException error)
            {
                problems.AddRange(error.Problems);
            }
        }

        return files;
    }

    private static void CompareWithIndex(SafetensorsFile file, SortedSet<string> listed, List<CheckpointProblem> problems)
    {
        foreach (var name in listed.Where(name => !file.Contains(name)))
            problems.Add(new(file.Path, name, $"missing: {IndexFile} expects it in this shard."));
        foreach (var name in file.Names.Where(name => !listed.Contains(name)).Order(StringComparer.Ordinal))
            problems.Add(new(file.Path, name, $"unexpected: {IndexFile} does not list it in this shard."));
    }

    /// <summary>Each weight file with the tensors that the index lists for it; null for the single file, which has no index.</summary>
    private static List<(string FileName, SortedSet<string>? Listed)> Shards(string folder, List<CheckpointProblem> problems)
    {
        if (File.Exists(Path.Combine(folder, SingleFile))) return [(SingleFile, null)];

        var index = Path.Combine(folder, IndexFile);
        if (!File.Exists(index))
        {
            problems.Add(new(folder, null, $"no weights: expected {SingleFile}, or {IndexFile} with the shards it lists."));
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("weight_map", out var weightMap)
                && weightMap.ValueKind == JsonValueKind.Object)
                return ReadWeightMap(weightMap, index, problems);
            problems.Add(new(index, null, "has no weight_map; expected an object that maps tensor names to shard files."));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            problems.Add(new(index, null, $"cannot be read as JSON: {error.Message}"));
        }

        return [];
    }

    private static List<(string FileName, SortedSet<string>? Listed)> ReadWeightMap(JsonElement weightMap, string index, List<CheckpointProblem> problems)
    {
        var shards = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var entry in weightMap.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            // A shard is a neighbour: a path could lead to any file of the machine.
            if (shard.Length == 0 || shard is "." or ".." || shard.Contains('/') || shard.Contains('\\'))
            {
                problems.Add(new(index, entry.Name, $"its shard is {entry.Value.GetRawText()}; expected the plain name of a file in the same folder."));
                continue;
            }

            if (!shards.TryGetValue(shard, out var listed)) shards[shard] = listed = new(StringComparer.Ordinal);
            listed.Add(entry.Name);
        }

        return [.. shards.Select(shard => (shard.Key, (SortedSet<string>?)shard.Value))];
    }
}
