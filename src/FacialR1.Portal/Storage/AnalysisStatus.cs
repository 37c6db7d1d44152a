namespace FacialR1.Portal.Storage;

/// <summary>Where an analysis stands. Queued and Running are unfinished: they are queued again when the portal starts.</summary>
public enum AnalysisStatus { Queued, Running, Done, Stopped, Failed }

public static class AnalysisStatuses
{
    public static bool IsFinished(this AnalysisStatus status) => status is not (AnalysisStatus.Queued or AnalysisStatus.Running);
}
