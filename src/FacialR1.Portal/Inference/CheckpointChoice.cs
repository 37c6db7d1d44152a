namespace FacialR1.Portal.Inference;

/// <summary>Which checkpoint is asked when nobody chose one.</summary>
public static class CheckpointChoice
{
    // The best on fer-au first (docs/results.md).
    private static readonly string[] Embedded = ["mini-synthesis", "mini"];

    /// <summary>The best embedded checkpoint, or the first by name, those on this machine before those behind servers; null when there is none.</summary>
    public static CheckpointEntry? DefaultChoice(this IReadOnlyList<CheckpointEntry> checkpoints) =>
        Embedded.Select(name => checkpoints.FirstOrDefault(entry => entry.Name == name)).FirstOrDefault(entry => entry is not null) ?? (checkpoints.Count > 0 ? checkpoints[0] : null);
}
