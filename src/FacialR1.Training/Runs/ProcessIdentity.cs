using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FacialR1.Training.Runs;

/// <summary>Which process works on a run. A number alone is not enough: the system gives it to another process later.</summary>
/// <param name="Machine">Host name; processes of other machines cannot be looked up.</param>
/// <param name="Started">Exact start as the system counts it; compared, never computed with.</param>
public sealed record ProcessIdentity(int Process, string Machine, string Started)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web);

    public static ProcessIdentity OfThisProcess { get; } =
        new(Environment.ProcessId, Environment.MachineName, StartOf(Environment.ProcessId) ?? throw new InvalidOperationException("This process is not listed by the system."));

    /// <summary>True, false, or null where it cannot be told because the process belongs to another machine.</summary>
    public bool? IsAlive => Machine != Environment.MachineName ? null : StartOf(Process) == Started;

    public string ToJson() => JsonSerializer.Serialize(this, Written) + "\n";

    /// <returns>Null when the text is no identity.</returns>
    public static ProcessIdentity? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(json, Written) is { Machine: not null, Started: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Start of a process that is alive, to be compared with another such text; null when there is none. One that ended but was not collected yet counts as ended.</summary>
    public static string? StartOf(int process)
    {
        if (OperatingSystem.IsLinux()) return StartInTicks(process);
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.HasExited ? null : found.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Boot and clock ticks since boot: the framework's start time is a computed wall-clock time and differs by some milliseconds between readers.</summary>
    private static string? StartInTicks(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            // The name in parentheses may hold blanks and parentheses itself; fields count from behind it: state is the 3rd, start the 22nd.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText(BootFile).Trim()}:{fields[19]}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
