using FacialR1.Portal.Configuration;
using FacialR1.Portal.Remote;
using FacialR1.VisionLanguage.Checkpoints;

namespace FacialR1.Portal.Inference;

/// <summary>The checkpoints on disk and the configured models behind servers. The folder is read anew each time, so a new checkpoint appears without a restart.</summary>
/// <param name="remotes">Null where there are none to look for.</param>
public sealed class CheckpointCatalog(PortalPaths paths, RemoteModels? remotes = null)
{
    private const string Configuration = "config.json";
    private const string CardFile = "model-card.md";
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Length, DateTime Written, string Hash)> hashes = [];

    /// <summary>Where a new checkpoint belongs.</summary>
    public string Folder => paths.Checkpoints;

    /// <summary>All folders that hold a <c>config.json</c>, by name, then the models behind servers; broken ones too, with their problem.</summary>
    public IReadOnlyList<CheckpointEntry> All() => [.. OnDisk(), .. remotes?.All() ?? []];

    private IReadOnlyList<CheckpointEntry> OnDisk() =>
        !Directory.Exists(paths.Checkpoints)
            ? []
            : [.. Directory.EnumerateDirectories(paths.Checkpoints)
                .Where(folder => File.Exists(Path.Combine(folder, Configuration)))
                .Order(StringComparer.Ordinal)
                .Select(Read)];

    /// <summary>Those a question can be sent to.</summary>
    public IReadOnlyList<CheckpointEntry> Usable() => [.. All().Where(entry => entry.Problem is null)];

    /// <summary>The checkpoint of this name. The name is compared with those on disk and never becomes part of a path.</summary>
    public CheckpointEntry? Find(string name) => All().FirstOrDefault(entry => entry.Name == name);

    /// <summary>A checkpoint folder anywhere, for the command line; a path from a browser must never get here.</summary>
    public static CheckpointEntry? At(string folder) => File.Exists(Path.Combine(folder, Configuration)) ? Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) : null;

    /// <summary>
    /// SHA-256 that stands for the checkpoint's content, see <see cref="CheckpointChecksum"/>. Kept until a weight file changes. Null for a model behind a
    /// server, whose weights nobody here has seen.
    /// </summary>
    /// <exception cref="CheckpointException">The weights are incomplete.</exception>
    public async Task<string?> HashAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Folder is null) return null;
        var files = WeightFiles(checkpoint.Folder);
        var (length, written) = (files.Sum(file => file.Length), files.Select(file => file.LastWriteTimeUtc).DefaultIfEmpty().Max());
        lock (gate)
        {
            if (hashes.TryGetValue(checkpoint.Folder, out var known) && (known.Length, known.Written) == (length, written)) return known.Hash;
        }

        var hash = await Task.Run(() => CheckpointChecksum.Compute(checkpoint.Folder, cancellationToken), cancellationToken);
        lock (gate) hashes[checkpoint.Folder] = (length, written, hash);
        return hash;
    }

    private static CheckpointEntry Read(string folder)
    {
        var name = Path.GetFileName(folder);
        var card = Path.Combine(folder, CardFile);
        var weights = WeightFiles(folder);
        var (parameters, problem) = weights.Count == 0
            ? (null, $"The checkpoint \"{name}\" has no model.safetensors. Copy the weight file into its folder.")
            : CountParameters(name, weights);
        var size = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        return new CheckpointEntry(name, folder, File.Exists(card) ? File.ReadAllText(card) : null, size, parameters, problem);
    }

    private static (long? Parameters, string? Problem) CountParameters(string name, IReadOnlyList<FileInfo> weights)
    {
        try
        {
            var parameters = 0L;
            foreach (var file in weights)
            {
                using var tensors = SafetensorsFile.Open(file.FullName);
                parameters += tensors.Entries.Sum(tensor => tensor.Count);
            }
            return (parameters, null);
        }
        catch (CheckpointException error)
        {
            return (null, $"The checkpoint \"{name}\" cannot be used. {error.Message}");
        }
    }

    private static IReadOnlyList<FileInfo> WeightFiles(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*.safetensors").OrderBy(file => file.Name, StringComparer.Ordinal)];
}
