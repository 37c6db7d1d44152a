namespace FacialR1.Portal.Inference;

/// <summary>Which checkpoint is asked when nobody chose one.</summary>
public static class CheckpointChoice
{
    private const string Embedded = "mini";

    /// <summary>The embedded Mini, or the first by name, those on this machine before those behind servers; null when there is none.</summary>
    public static CheckpointEntry? DefaultChoice(this IReadOnlyList<CheckpointEntry> checkpoints) =>
        checkpoints.FirstOrDefault(entry => entry.Name == Embedded) ?? (checkpoints.Count > 0 ? checkpoints[0] : null);
}
