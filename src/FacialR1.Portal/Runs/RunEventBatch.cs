using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>Events of a run that belong together only because a reader had not seen them yet.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Events">In order, without gap or repetition within the stream; at most <see cref="RunFeed.LargestBatch"/>.</param>
/// <param name="HasMore">More is in the file already: still catching up.</param>
/// <param name="DamagedLines">Lines that could not be read so far.</param>
public sealed record RunEventBatch(string Run, IReadOnlyList<RunEvent> Events, bool HasMore, int DamagedLines);
