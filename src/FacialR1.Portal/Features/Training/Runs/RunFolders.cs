using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Configuration;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>The runs on disk. Read anew each time, so a run that was started from the command line appears by itself.</summary>
public sealed class RunFolders(PortalPaths paths)
{
    /// <summary>Where runs lie.</summary>
    public string Folder => paths.Runs;

    /// <summary>All folders that hold a <c>run.json</c>, the youngest first.</summary>
    public IReadOnlyList<RunOverview> All() => !Directory.Exists(paths.Runs)
        ? []
        : [.. Directory.EnumerateDirectories(paths.Runs).Where(folder => File.Exists(Path.Combine(folder, "run.json")))
            .Select(Read).OrderByDescending(run => run.IsRunning).ThenByDescending(run => run.Glance.Begun).ThenByDescending(run => run.Id, StringComparer.Ordinal)];

    /// <summary>The run of this name; null when there is none.</summary>
    public RunOverview? Find(string id) => PathOf(id) is { } folder ? Read(folder) : null;

    /// <summary>The folder of a run. The name is compared with those on disk and never becomes part of a path.</summary>
    public string? PathOf(string id) => !Directory.Exists(paths.Runs)
        ? null
        : Directory.EnumerateDirectories(paths.Runs).FirstOrDefault(folder => Path.GetFileName(folder) == id && File.Exists(Path.Combine(folder, "run.json")));

    private static RunOverview Read(string folder)
    {
        var id = Path.GetFileName(folder);
        try
        {
            var statusFile = Path.Combine(folder, "status");
            var status = File.Exists(statusFile) ? File.ReadAllText(statusFile).Trim() : "unknown";
            var glance = RunGlance.Read(Path.Combine(folder, "events.jsonl"));
            try
            {
                return new RunOverview(id, status, (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!, null, glance);
            }
            catch (Exception error) when (error is JsonException or InvalidCastException)
            {
                return new RunOverview(id, status, null, "Its run.json is not a JSON object, so its configuration cannot be shown.", glance);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new RunOverview(id, "unknown", null, $"Its folder cannot be read: {error.Message}", RunGlance.Nothing);
        }
    }
}
