using System.Text.Json;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Features.Rollouts;

/// <summary>What the index keeps of a group.</summary>
public readonly record struct RolloutKey(string Phase, long Step, string Image);

/// <summary>The rollouts of runs, read line by line from where they stand in <c>rollouts.jsonl</c>: files of gigabytes are indexed once and then only tailed.</summary>
public sealed class RolloutFiles(RunCatalog catalog)
{
    private const int KeptRuns = 4;
    private readonly Lock gate = new();
    private readonly List<(string Path, LineIndex<RolloutKey> Index)> indices = [];

    /// <summary>Keys of all groups in the order of the file; null when the run has no such file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<RolloutKey>?> KeysAsync(string id, CancellationToken cancellationToken) =>
        IndexOf(id) is { } index ? [.. (await index.ReadAsync(cancellationToken)).Select(line => line.Key)] : null;

    /// <summary>All groups of a step; empty when there are none.</summary>
    public async Task<IReadOnlyList<RolloutGroup>> GroupsAsync(string id, string phase, long step, CancellationToken cancellationToken)
    {
        if (IndexOf(id) is not { } index) return [];
        var places = (await index.ReadAsync(cancellationToken)).Where(line => line.Key.Step == step && line.Key.Phase == phase).Select(line => (line.Offset, line.Length)).ToList();
        // A run that goes on after a kill samples the steps since its last save again, to the same groups: the last of equal samples counts.
        var groups = (await index.TextAsync(places, cancellationToken)).Select(text => RolloutGroup.TryParse(text)).OfType<RolloutGroup>().ToList();
        return [.. groups.Reverse<RolloutGroup>().DistinctBy(group => group.Sample).Reverse()];
    }

    /// <summary>Whether the run has logged any. Looks at the disk.</summary>
    public bool Has(string id) => catalog.OpenFolder(id)?.Path is { } folder && File.Exists(Path.Combine(folder, "rollouts.jsonl"));

    /// <summary>Whether a rollout of the run is about this photo.</summary>
    public async Task<bool> NamesAsync(string id, string image, CancellationToken cancellationToken) =>
        IndexOf(id) is { } index && (await index.ReadAsync(cancellationToken)).Any(line => line.Key.Image == image);

    private LineIndex<RolloutKey>? IndexOf(string id)
    {
        if (catalog.OpenFolder(id)?.Path is not { } folder) return null;
        var path = Path.Combine(folder, "rollouts.jsonl");
        if (!File.Exists(path)) return null;
        lock (gate)
        {
            var at = indices.FindIndex(entry => entry.Path == path);
            var found = at >= 0 ? indices[at] : (path, new LineIndex<RolloutKey>(path, TryReadKey));
            if (at >= 0) indices.RemoveAt(at);
            indices.Insert(0, found);
            if (indices.Count > KeptRuns) indices.RemoveAt(KeptRuns);
            return found.Item2;
        }
    }

    /// <summary>Phase, step and photo of a group, without reading its texts where the file keeps its usual order.</summary>
    internal static bool TryReadKey(ReadOnlySpan<byte> line, out RolloutKey key)
    {
        var (phase, image) = ("", "");
        long? step = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isPhase = reader.ValueTextEquals("phase"u8);
                var isStep = reader.ValueTextEquals("step"u8);
                var isImage = reader.ValueTextEquals("image"u8);
                if (reader.ValueTextEquals("completions"u8) && step is not null) break;
                reader.Read();
                if (isPhase && reader.TokenType == JsonTokenType.String) phase = reader.GetString()!;
                else if (isStep && reader.TokenType == JsonTokenType.Number) step = reader.GetInt64();
                else if (isImage && reader.TokenType == JsonTokenType.String) image = reader.GetString()!;
                else reader.Skip();
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException) { step = null; }
        key = new RolloutKey(phase, step ?? 0, image);
        return step is not null;
    }
}
