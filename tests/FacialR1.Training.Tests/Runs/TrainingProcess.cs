using System.Diagnostics;
using FacialR1.TinyTraining;

namespace FacialR1.Training.Tests.Runs;

/// <summary>A small training run as a process of its own, to be killed.</summary>
internal static class TrainingProcess
{
    public static Process Start(string runFolder, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(LinePhase).Assembly.Location, $"--run={runFolder}" }, RedirectStandardError = true };
        foreach (var option in options) start.ArgumentList.Add(option);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    public static async Task<int> RunAsync(string runFolder, params string[] options)
    {
        using var process = Start(runFolder, options);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
