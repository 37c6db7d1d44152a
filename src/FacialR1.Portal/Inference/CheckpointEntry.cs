namespace FacialR1.Portal.Inference;

/// <summary>A checkpoint on disk.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Card">Text of <c>model-card.md</c>; null when there is none.</param>
/// <param name="SizeInBytes">All files together.</param>
/// <param name="Parameters">Numbers in the weight files; null when <paramref name="Problem"/> says why they cannot be read.</param>
/// <param name="Problem">Why it cannot be used, with what to do; null when it can.</param>
public sealed record CheckpointEntry(string Name, string Folder, string? Card, long SizeInBytes, long? Parameters, string? Problem)
{
    /// <summary>The card's first heading, or the folder's name.</summary>
    public string Title => Card?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() is { Length: > 0 } title
        ? title
        : Name;
}
