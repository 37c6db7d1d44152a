using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>A run on disk: <c>run.json</c> (what was asked for), <c>events.jsonl</c> (what happened), <c>checkpoints/</c> (where to go on), <c>status</c>.</summary>
public sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string Id => System.IO.Path.GetFileName(Path);

    public string EventFile => System.IO.Path.Combine(Path, "events.jsonl");

    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    private string StatusFile => System.IO.Path.Combine(Path, "status");

    private string DescriptionFile => System.IO.Path.Combine(Path, "run.json");

    /// <summary>Running, completed, stopped or failed; unknown where no status was written.</summary>
    public string Status => File.Exists(StatusFile) ? File.ReadAllText(StatusFile).Trim() : "unknown";

    /// <summary>The configuration the run was made with.</summary>
    public JsonObject Description => (JsonObject)JsonNode.Parse(File.ReadAllText(DescriptionFile))!;

    /// <summary>Makes the folder, or opens the one that is there to go on with it.</summary>
    /// <param name="description">Kind, data, full configuration, seed and versions; written once.</param>
    /// <exception cref="InvalidOperationException">The folder holds a run with another configuration; the message names the difference.</exception>
    public static RunFolder CreateOrOpen(string path, JsonObject description)
    {
        var run = new RunFolder(System.IO.Path.GetFullPath(path));
        if (!File.Exists(run.DescriptionFile))
        {
            Directory.CreateDirectory(run.CheckpointFolder);
            WriteWhole(run.DescriptionFile, description.ToJsonString(Indented) + "\n");
            return run;
        }

        var there = run.Description;
        foreach (var (key, value) in description)
            if (!JsonNode.DeepEquals(there[key], value))
                throw new InvalidOperationException(
                    $"{run.Path} holds a run whose {key} is {there[key]?.ToJsonString() ?? "absent"}, not {value?.ToJsonString() ?? "absent"}. " +
                    "Give the same settings to go on with it, or another --run folder to begin a new one.");
        return run;
    }

    public void WriteStatus(string status) => WriteWhole(StatusFile, status + "\n");

    /// <summary>A reader sees the old or the new content, never half of one.</summary>
    internal static void WriteWhole(string file, string content)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.partial";
        File.WriteAllText(unfinished, content);
        File.Move(unfinished, file, overwrite: true);
    }
}
