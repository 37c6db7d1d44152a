using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Live;

/// <summary>What <see cref="TrainingHub"/> calls on a client that asked to watch the runs.</summary>
public interface ITrainingClient
{
    /// <summary>New or changed runs; the first call after <see cref="TrainingHub.WatchRuns"/> brings all of them.</summary>
    Task RunsChanged(IReadOnlyList<RunSummary> runs);

    /// <summary>Runs whose folders are gone.</summary>
    Task RunsRemoved(IReadOnlyList<string> runs);
}
