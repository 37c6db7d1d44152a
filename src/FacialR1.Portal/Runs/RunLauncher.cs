using System.Diagnostics;
using System.Globalization;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Evaluation;
using FacialR1.VisionLanguage.Native;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Runs;

/// <summary>Starts training and evaluations as processes of their own: this program again, with <c>train</c> or <c>evaluate</c> in front.</summary>
/// <remarks>A run must outlive the portal, so a child keeps no pipe to it: it writes its output to a file in its folder and leaves the portal's process group, see <see cref="RunChild"/>.</remarks>
public sealed class RunLauncher(PortalPaths paths, IOptions<RunOptions>? options = null)
{
    private readonly bool isOwnProgram = options?.Value.Program is not { Length: > 0 };

    /// <summary>Program and first arguments; tests put another in place.</summary>
    public IReadOnlyList<string> Program { get; init; } = options?.Value.Program is { Length: > 0 } given ? given : [Host(), typeof(RunLauncher).Assembly.Location, "train"];

    /// <summary>The same for evaluations.</summary>
    public IReadOnlyList<string> EvaluationProgram { get; init; } = [Host(), typeof(RunLauncher).Assembly.Location, EvaluationRun.Kind];

    /// <summary>Starts a run in its folder.</summary>
    /// <exception cref="RunDeskException">The process cannot be started.</exception>
    public Process Start(RunLaunch launch, string runFolder)
    {
        var start = Prepare(launch.Command == EvaluationRun.Kind ? EvaluationProgram : Program, launch.Arguments, launch.WorkingDirectory);
        start.ArgumentList.Add($"{RunForm.RunOption}={runFolder}");
        start.Environment[RunChild.OutputVariable] = Path.Combine(runFolder, RunLaunch.OutputName);
        if (launch.Device.Split(':') is ["cuda", var number]) start.Environment[ComputeDevice.VisibleVariable] = number;
        else if (isOwnProgram) start.Environment[ComputeDevice.VisibleVariable] = "-1";   // a scheduler put in front chooses for itself
        return Start(start);
    }

    /// <summary>Asks the command what it would write to <c>run.json</c>.</summary>
    /// <returns>JSON text.</returns>
    /// <exception cref="RunDeskException">The command refuses the arguments; the message is the command's.</exception>
    public async Task<string> DescribeAsync(IReadOnlyList<string> arguments, string workingDirectory, CancellationToken cancellationToken)
    {
        var start = Prepare(Program, arguments, workingDirectory);
        start.ArgumentList.Add(RunForm.DescribeOption);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Start(start);
        try
        {
            var (output, problems) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new RunDeskException((await problems).Trim() is { Length: > 0 } text ? text : $"The command ended with code {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private ProcessStartInfo Prepare(IReadOnlyList<string> program, IReadOnlyList<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(program[0]) { WorkingDirectory = workingDirectory, UseShellExecute = false, RedirectStandardInput = true };
        foreach (var argument in program.Skip(1).Concat(arguments)) start.ArgumentList.Add(argument);
        // Names of checkpoints mean the same in the child, also where the portal was told other folders on its command line.
        foreach (var (name, path) in new[] { ("Checkpoints", paths.Checkpoints), ("Models", paths.Models), ("Runs", paths.Runs), ("Benchmarks", paths.Benchmarks), ("Evaluations", paths.Evaluations) }) start.Environment[$"Paths__{name}"] = path;
        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            var process = Process.Start(start) ?? throw new RunDeskException($"{start.FileName} did not start.");
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new RunDeskException(string.Create(CultureInfo.InvariantCulture, $"{start.FileName} could not be started in {start.WorkingDirectory}: {error.Message}"));
        }
    }

    /// <summary>The host that runs this program, which need not be on the path.</summary>
    private static string Host() => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
