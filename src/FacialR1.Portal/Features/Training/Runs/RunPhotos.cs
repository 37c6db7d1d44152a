using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FacialR1.Portal.Features.Rollouts;
using FacialR1.Portal.Features.Synthesis;
using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>A photo of a data set.</summary>
/// <param name="Type">Media type.</param>
public sealed record RunPhoto(byte[] Bytes, string Type);

/// <summary>
/// Photos out of the data set of a run. Served is only what the run's own rollouts or synthesised texts name, from the archive of that split; what a
/// visitor sends is compared with those names and never becomes part of a path.
/// </summary>
public sealed partial class RunPhotos(RunCatalog catalog, RunDesk desk, RolloutFiles rollouts, SynthesisFiles synthesis)
{
    private const long LargestPhoto = 20 << 20;

    /// <summary>A photo named in a run; null when the run does not name it, or the data set is not here.</summary>
    public async Task<RunPhoto?> FindAsync(string id, string image, CancellationToken cancellationToken)
    {
        if (!Name().IsMatch(image) || ArchiveOf(id, image) is not { } archive) return null;
        if (!await rollouts.NamesAsync(id, image, cancellationToken) && !await synthesis.NamesAsync(id, image, cancellationToken)) return null;
        return await Task.Run(() => Read(archive, image), cancellationToken);
    }

    /// <summary>Whether the data set of a run is where the portal can read it; said on the page, because a missing picture explains nothing.</summary>
    public bool HasData(string id) => FolderOf(id) is not null;

    /// <summary>Name of the data set of a run; null when the run does not say.</summary>
    public string? DataOf(string id) => NameOf(catalog.Describe(id));

    private string? ArchiveOf(string id, string image) =>
        FolderOf(id) is { } folder && Path.Combine(folder, image[..image.IndexOf('/', StringComparison.Ordinal)] + ".zip") is var archive && File.Exists(archive) ? archive : null;

    private string? FolderOf(string id)
    {
        var description = catalog.Describe(id);
        // What a program elsewhere reports about itself is no reason to open a folder here.
        if (description.Text("kind") == "external" || NameOf(description) is not { } name) return null;
        // Where it lies is the business of the machine that trains: it is in the launch of the run, never in its description.
        return catalog.OpenFolder(id) is { } run && RunLaunch.Read(run.Path)?.DataFolder is { } given && Path.GetFileName(given) == name && Directory.Exists(given)
            ? given
            : desk.DataFolders().GetValueOrDefault(name);
    }

    /// <summary>Synthesis tells more about its data than a name.</summary>
    private static string? NameOf(JsonObject? description) =>
        (description.Text("data") ?? (description?["data"] as JsonObject).Text("name") ?? (description?["data"] as JsonObject).Text("folder")) is { } data
            ? Path.GetFileName(Path.TrimEndingDirectorySeparator(data))
            : null;

    private static RunPhoto? Read(string archive, string image)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            if (zip.GetEntry(image) is not { Length: <= LargestPhoto } entry) return null;
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return new RunPhoto(bytes.ToArray(), image.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "image/jpeg");
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>"train/00017.png": a split, then a plain file name.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}/[A-Za-z0-9_-]{1,80}\.(png|jpg|jpeg)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
