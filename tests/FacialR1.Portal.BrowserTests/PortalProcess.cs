using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FacialR1.Portal.BrowserTests;

/// <summary>The built portal as a process of its own, on a free port and a data folder of its own.</summary>
internal sealed partial class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("facialr1-browser-");
    private readonly List<string> output = [];
    private Process? process;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Whether the embedded checkpoint is there; without it nothing can be analysed for real.</summary>
    public static bool HasEmbeddedCheckpoint => File.Exists(Path.Combine(RepositoryRoot, "data", "checkpoints", "mini", "model.safetensors"));

    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Where it looks for results.</summary>
    public string Evaluations => Path.Combine(data.FullName, "evaluations");

    private PortalProcess() { }

    /// <summary>Starts the portal and waits until it listens.</summary>
    public static async Task<PortalProcess> StartAsync()
    {
        var portal = new PortalProcess();
        try
        {
            await portal.ListenAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    private async Task ListenAsync()
    {
        var checkpoints = HasEmbeddedCheckpoint ? Path.Combine(RepositoryRoot, "data", "checkpoints") : StandIn();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.GetTempPath(),   // not the clone: the portal must find its files from anywhere
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Portal(), "--urls", Address.Port == 80 ? "http://127.0.0.1:0" : Address.ToString(), "--Paths:Checkpoints", checkpoints, "--Paths:Uploads", Path.Combine(data.FullName, "uploads"),
                "--Paths:Database", Path.Combine(data.FullName, "portal.db"), "--Paths:Cache", Path.Combine(data.FullName, "cache"), "--Paths:Runs", Path.Combine(data.FullName, "runs"), "--Paths:Evaluations", Evaluations,
                // The test waits for a line of this logger, whatever the settings file says.
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information",
            },
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("The portal did not start.");
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The portal ended at its start:\n{Output}"));
        process.OutputDataReceived += (_, line) => Hear(line.Data, listening);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, listening);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Address = await listening.Task.WaitAsync(StartPatience);
    }

    /// <summary>Ends the portal without a warning, as a power cut does, and starts it again on the same port and data.</summary>
    public async Task KillAndStartAgainAsync()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        await ListenAsync();
    }

    /// <summary>What the portal has logged.</summary>
    public string Output
    {
        get { lock (output) return string.Join('\n', output); }
    }

    private void Hear(string? line, TaskCompletionSource<Uri> listening)
    {
        if (line is null) return;
        lock (output) output.Add(line);
        if (ListeningLine().Match(line) is { Success: true } match) listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    /// <summary>A folder that the catalog lists but that cannot answer, so that pages can be looked at before there are weights.</summary>
    private string StandIn()
    {
        var folder = Directory.CreateDirectory(Path.Combine(data.FullName, "checkpoints", "stand-in")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        var header = """{"weight":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}"""u8.ToArray();
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[12]]);
        return Path.GetDirectoryName(folder)!;
    }

    private static string Portal()
    {
        // .../tests/FacialR1.Portal.BrowserTests/bin/<configuration>/net10.0/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var portal = Path.Combine(RepositoryRoot, "src", "FacialR1.Portal", "bin", output.Parent!.Name, output.Name, "FacialR1.Portal.dll");
        return File.Exists(portal) ? portal : throw new FileNotFoundException($"{portal} is not there. Build the solution first.", portal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FacialR1.Portal.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside a clone of the repository.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        data.Delete(recursive: true);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();
}
