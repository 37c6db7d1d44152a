using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>A run on disk: <c>run.json</c> (what was asked for), <c>events.jsonl</c> (what happened), <c>checkpoints/</c> (where to go on), <c>status</c>,
/// <c>process</c> (who works on it), <c>control</c> (what that process is asked to do).</summary>
public sealed class RunFolder
{
    public const string Running = "running", Paused = "paused", Stopped = "stopped", Completed = "completed", Failed = "failed", Queued = "queued";

    private const string DescriptionName = "run.json", EventName = "events.jsonl", StatusName = "status", ProcessName = "process", ControlName = "control", LockName = "lock";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly DateTime ProcessStart = System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string Id => System.IO.Path.GetFileName(Path);

    public string EventFile => In(EventName);

    public string CheckpointFolder => In("checkpoints");

    /// <summary>Running, paused, completed, stopped or failed; unknown where no status was written. It is what was last written: a killed process leaves "running" behind.</summary>
    public string Status => ReadIfThere(StatusName)?.Trim() ?? "unknown";

    /// <summary>The configuration the run was made with.</summary>
    public JsonObject Description => (JsonObject)JsonNode.Parse(File.ReadAllText(In(DescriptionName)))!;

    /// <summary>The process that works or last worked on the run; null when none has said so.</summary>
    public ProcessIdentity? Process => ReadIfThere(ProcessName) is { } text ? ProcessIdentity.Parse(text) : null;

    /// <summary>Makes the folder, or opens the one that is there to go on with it.</summary>
    /// <param name="description">Kind, data, full configuration, seed and versions; written once.</param>
    /// <exception cref="InvalidOperationException">The folder holds a run with another configuration; the message names the difference.</exception>
    public static RunFolder CreateOrOpen(string path, JsonObject description)
    {
        var run = At(path);
        if (!File.Exists(run.In(DescriptionName)))
        {
            Directory.CreateDirectory(run.CheckpointFolder);
            WriteWhole(run.In(DescriptionName), description.ToJsonString(Indented) + "\n");
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

    /// <summary>Names a run folder without looking at it.</summary>
    public static RunFolder At(string path) => new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));

    /// <exception cref="IOException">The disk is full or the folder is gone.</exception>
    public void WriteStatus(string status) => WriteWhole(In(StatusName), status + "\n");

    /// <summary>Asks the process that works on the run for something; <see cref="RunRequest.None"/> takes an earlier request back.</summary>
    /// <exception cref="IOException">The disk is full or the folder is gone.</exception>
    public void Ask(RunRequest request)
    {
        if (request == RunRequest.None) File.Delete(In(ControlName));
        else WriteWhole(In(ControlName), request.ToString().ToLowerInvariant() + "\n");
    }

    /// <summary>What this process is asked to do. What was asked of an earlier process does not count.</summary>
    public RunRequest Asked()
    {
        var control = new FileInfo(In(ControlName));
        if (!control.Exists || control.LastWriteTimeUtc < ProcessStart) return RunRequest.None;
        return Enum.TryParse<RunRequest>(ReadIfThere(ControlName)?.Trim(), ignoreCase: true, out var request) && Enum.IsDefined(request) ? request : RunRequest.None;
    }

    /// <summary>Takes the run for this process, until disposed or until the process ends in whatever way.</summary>
    /// <exception cref="InvalidOperationException">Another process works on it.</exception>
    public IDisposable Hold()
    {
        FileStream held;
        try
        {
            held = new FileStream(In(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(In(LockName)))
        {
            throw new InvalidOperationException(
                $"{Path} is being trained by process {Process?.Process.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}. Stop that one first, or give another --run folder.", error);
        }

        WriteWhole(In(ProcessName), ProcessIdentity.OfThisProcess.ToJson());
        return held;
    }

    /// <summary>Notes who will take the run: first the process that starts it, then the one it has started.</summary>
    /// <param name="process">A process of this machine.</param>
    public void WriteProcess(int process) =>
        // A process that has ended already has no start any more; an empty one equals no living process.
        WriteWhole(In(ProcessName), new ProcessIdentity(process, Environment.MachineName, ProcessIdentity.StartOf(process) ?? "").ToJson());

    /// <summary>A reader sees the old or the new content, never half of one.</summary>
    public static void WriteWhole(string file, string content)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.partial";
        try
        {
            File.WriteAllText(unfinished, content);
            File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private string? ReadIfThere(string name)
    {
        try
        {
            return File.ReadAllText(In(name));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
