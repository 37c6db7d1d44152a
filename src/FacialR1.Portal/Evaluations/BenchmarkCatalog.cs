using System.Text.Json;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Evaluations;

/// <summary>
/// The benchmarks on disk: folders in our own format under the benchmarks folder, and data folders in the fer-au layout. Looked at anew each time, so that an
/// imported one appears by itself; what a table holds is remembered until it changes.
/// </summary>
public sealed class BenchmarkCatalog(PortalPaths paths, IOptions<RunOptions> options)
{
    private static readonly string[] Splits = ["val", "test", "train"];
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Length, DateTime Written, IReadOnlyDictionary<string, int> Counts)> tables = [];

    /// <summary>Where imported benchmarks lie.</summary>
    public string Folder => paths.Benchmarks;

    /// <summary>All, by name; broken ones too, with their problem.</summary>
    public IReadOnlyList<BenchmarkEntry> All() => [.. Folders().SelectMany(Entries).DistinctBy(entry => entry.Name).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <summary>The benchmark of this name. The name is compared with those on disk and never becomes part of a path.</summary>
    public BenchmarkEntry? Find(string name) => All().FirstOrDefault(entry => entry.Name == name);

    private IEnumerable<string> Folders() =>
        (Directory.Exists(paths.Benchmarks) ? Directory.EnumerateDirectories(paths.Benchmarks).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        .Concat(options.Value.DataFolders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, paths.Root))).Where(Directory.Exists));

    private IEnumerable<BenchmarkEntry> Entries(string folder)
    {
        var name = Path.GetFileName(folder);
        if (File.Exists(Path.Combine(folder, BenchmarkFolder.ManifestName))) return OwnFormat(folder, name);
        return Splits.Where(split => File.Exists(Path.Combine(folder, $"{split}.jsonl")) && File.Exists(Path.Combine(folder, $"{split}.zip")))
            .Select(split => new BenchmarkEntry($"{name}/{split}", $"{name}, {split}", folder, split, Counts(Path.Combine(folder, $"{split}.jsonl"), byLine: true).Values.Sum(),
                FerAuFolder.LabelNote, "As the owners of the photos state; see the folder's own notes.", null, null));
    }

    private IEnumerable<BenchmarkEntry> OwnFormat(string folder, string name)
    {
        BenchmarkManifest manifest;
        IReadOnlyDictionary<string, int> counts;
        try
        {
            manifest = BenchmarkFolder.Manifest(folder);
            counts = Counts(Path.Combine(folder, BenchmarkFolder.SamplesName), byLine: false);
        }
        catch (Exception error) when (error is DataFormatException or IOException or UnauthorizedAccessException)
        {
            return [new BenchmarkEntry(name, name, folder, null, null, "", "", null, error.Message)];
        }

        BenchmarkEntry Of(string? split, int samples) => new(
            split is null ? manifest.Name : $"{manifest.Name}/{split}", split is null ? manifest.Title : $"{manifest.Title}, {split}", folder, split, samples, manifest.LabelNote, manifest.Licence, manifest.Source, null);
        return [Of(null, counts.Values.Sum()), .. counts.Where(split => split.Key.Length > 0 && split.Value < counts.Values.Sum()).OrderBy(split => split.Key, StringComparer.Ordinal).Select(split => Of(split.Key, split.Value))];
    }

    /// <summary>Samples per split.</summary>
    private IReadOnlyDictionary<string, int> Counts(string table, bool byLine)
    {
        var file = new FileInfo(table);
        if (!file.Exists) throw new DataFormatException($"{table} was not found.");
        lock (gate)
            if (tables.TryGetValue(table, out var known) && (known.Length, known.Written) == (file.Length, file.LastWriteTimeUtc)) return known.Counts;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(table).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            var split = byLine ? "" : SplitOf(line);
            counts[split] = counts.GetValueOrDefault(split) + 1;
        }

        lock (gate) tables[table] = (file.Length, file.LastWriteTimeUtc, counts);
        return counts;
    }

    /// <summary>A line that cannot be read counts as one without a split; loading the benchmark names it.</summary>
    private static string SplitOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("split", out var split) && split.ValueKind == JsonValueKind.String ? split.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
