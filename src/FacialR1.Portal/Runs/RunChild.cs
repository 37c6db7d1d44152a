using System.Runtime.InteropServices;
using System.Text;

namespace FacialR1.Portal.Runs;

/// <summary>The first thing a training process does that the portal has started: it makes itself independent, so that Ctrl-C on the portal or its death does not end the training.</summary>
public static class RunChild
{
    public const string OutputVariable = "FACIALR1_RUN_OUTPUT";

    /// <summary>Does nothing in a process that was started by hand.</summary>
    public static void MakeIndependent()
    {
        if (Environment.GetEnvironmentVariable(OutputVariable) is not { Length: > 0 } file) return;
        Environment.SetEnvironmentVariable(OutputVariable, null);
        // A session of its own. Fails harmlessly where the process leads a group already.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) _ = SetSession();
        var output = TextWriter.Synchronized(new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), new UTF8Encoding(false)) { AutoFlush = true });
        Console.SetOut(output);
        Console.SetError(output);
    }

    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetSession();
}
