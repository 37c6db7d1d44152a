namespace FacialR1.Portal.Runs;

/// <summary>What a run is doing.</summary>
public enum RunState
{
    /// <summary>Waits for its device.</summary>
    Queued,

    /// <summary>Its process was started and has not written anything yet.</summary>
    Starting,
    Running,

    /// <summary>Its process waits, saved, and keeps its device.</summary>
    Paused,

    /// <summary>Someone stopped it; it can go on.</summary>
    Stopped,
    Completed,

    /// <summary>It ended with an error; it can go on when the cause is gone.</summary>
    Failed,

    /// <summary>Its process died without a word; it can go on.</summary>
    Interrupted,

    /// <summary>The folder does not say.</summary>
    Unknown,
}

/// <summary>What each state allows.</summary>
public static class RunStates
{
    /// <summary>A process works on it.</summary>
    public static bool IsActive(this RunState state) => state is RunState.Starting or RunState.Running or RunState.Paused;

    /// <summary>Nothing more will come unless someone resumes it.</summary>
    public static bool HasEnded(this RunState state) => state is RunState.Stopped or RunState.Completed or RunState.Failed or RunState.Interrupted;

    /// <summary>What the folder says, checked against whether the process lives.</summary>
    /// <param name="status">Content of the status file.</param>
    /// <param name="isAlive">Null where it cannot be told, as for runs of other machines; they are believed.</param>
    public static RunState Of(string status, bool? isAlive) => status switch
    {
        "queued" => RunState.Queued,
        "starting" => isAlive == false ? RunState.Failed : RunState.Starting,
        "running" => isAlive == false ? RunState.Interrupted : RunState.Running,
        "paused" => isAlive == false ? RunState.Interrupted : RunState.Paused,
        "stopped" => RunState.Stopped,
        "completed" => RunState.Completed,
        "failed" => RunState.Failed,
        _ => RunState.Unknown,
    };
}
