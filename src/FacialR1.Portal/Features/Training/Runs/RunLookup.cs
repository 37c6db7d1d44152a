using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>How pages get at a run that an address names.</summary>
public static class RunLookup
{
    /// <summary>The run of this id; looks at the folders again when it is not known yet, because a run may have begun a moment ago. Null when there is none.</summary>
    public static async Task<RunSummary?> LookUpAsync(this RunCatalog catalog, string id, CancellationToken cancellationToken)
    {
        if (catalog.Find(id) is { } known) return known;
        await Task.Run(catalog.Refresh, cancellationToken);
        return catalog.Find(id);
    }

    /// <summary>The folder of a run; null when there is none.</summary>
    public static RunFolder? OpenFolder(this RunCatalog catalog, string id)
    {
        try { return catalog.FolderOf(id); }
        catch (KeyNotFoundException) { return null; }
    }

    /// <summary>What the run wrote about itself; null when there is nothing that can be read.</summary>
    public static JsonObject? Describe(this RunCatalog catalog, string id)
    {
        try { return catalog.OpenFolder(id)?.Description; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidCastException) { return null; }
    }

    /// <summary>A text at the top of a description; null when absent or no text.</summary>
    public static string? Text(this JsonObject? description, string name) =>
        description?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
