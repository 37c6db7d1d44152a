using System.Text.Json;
using System.Text.Json.Serialization;

namespace FacialR1.Portal.Runs;

/// <summary>How a run is started; kept in <c>launch.json</c> of its folder, so that queue and resuming survive the portal.</summary>
/// <param name="Command">Name of the <c>train</c> command: sft, grpo, recipe mini, ….</param>
/// <param name="Arguments">Everything behind <c>train</c> except <c>--run</c>, as a list; never a line for a shell.</param>
/// <param name="Options">What was filled in, by option name.</param>
/// <param name="WorkingDirectory">Relative paths in the arguments start here.</param>
public sealed record RunLaunch(
    string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Options, string Device, string? Parent, string WorkingDirectory, DateTimeOffset QueuedAt)
{
    public const string FileName = "launch.json", OutputName = "output.log";

    /// <summary>Status between the start of the process and its first own word.</summary>
    public const string Starting = "starting";

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Absolute path of the data set; null when the command was given none.</summary>
    [JsonIgnore]
    public string? DataFolder => Arguments.FirstOrDefault(argument => argument.StartsWith(RunForm.DataOption + "=", StringComparison.Ordinal)) is { } data
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(data[(RunForm.DataOption.Length + 1)..], WorkingDirectory))
        : null;

    public void Write(string runFolder)
    {
        var unfinished = Path.Combine(runFolder, $"{FileName}.{Environment.ProcessId}.partial");
        File.WriteAllText(unfinished, JsonSerializer.Serialize(this, Written) + "\n");
        File.Move(unfinished, Path.Combine(runFolder, FileName), overwrite: true);
    }

    /// <returns>Null when there is none or it cannot be read.</returns>
    public static RunLaunch? Read(string runFolder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunLaunch>(File.ReadAllText(Path.Combine(runFolder, FileName)), Written)
                is { Command: not null, Arguments: not null, Options: not null, Device: not null, WorkingDirectory: not null } launch ? launch : null;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
