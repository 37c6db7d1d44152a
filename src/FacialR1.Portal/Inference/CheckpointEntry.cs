using FacialR1.Portal.Remote;

namespace FacialR1.Portal.Inference;

/// <summary>A checkpoint on disk, or a model behind a server.</summary>
/// <param name="Name">Name of its folder; "remote:…" behind a server.</param>
/// <param name="Folder">Where it lies; null behind a server.</param>
/// <param name="Card">Text of <c>model-card.md</c>; null when there is none.</param>
/// <param name="SizeInBytes">All files together.</param>
/// <param name="Parameters">Numbers in the weight files; null when <paramref name="Problem"/> says why they cannot be read.</param>
/// <param name="Problem">Why it cannot be used, with what to do; null when it can.</param>
public sealed record CheckpointEntry(string Name, string? Folder, string? Card, long SizeInBytes, long? Parameters, string? Problem)
{
    /// <summary>The server and what it serves; null for a checkpoint on disk.</summary>
    public RemoteModel? Remote { get; init; }

    /// <summary>The card's first heading, the model's name on its server, or the folder's name.</summary>
    public string Title => Remote is { } remote ? remote.Model : Card?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() is { Length: > 0 } title
        ? title
        : Name;
}
