using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>Writes into a run's log and status how it ended.</summary>
internal static class RunEnding
{
    public static void Completed(RunFolder run, EventLog events) => Write(run, events, "completed", RunFolder.Completed);

    public static void Stopped(RunFolder run, EventLog events) => Write(run, events, "stopped", RunFolder.Stopped);

    /// <summary>The failure may be the folder itself: what cannot be written must not hide what happened.</summary>
    public static void Failed(RunFolder run, EventLog events, Exception error)
    {
        try
        {
            events.Append("failed", new JsonObject { ["error"] = error.Message });
        }
        catch (Exception second) when (second is IOException or ObjectDisposedException)
        {
        }

        try
        {
            run.WriteStatus(RunFolder.Failed);
        }
        catch (IOException)
        {
        }
    }

    // What was asked for has been done, or comes too late.
    private static void Write(RunFolder run, EventLog events, string kind, string status)
    {
        run.Ask(RunRequest.None);
        events.Append(kind, []);
        run.WriteStatus(status);
    }
}
