namespace FacialR1.Portal.Storage;

/// <summary>A way of looking at a page that somebody gave a name.</summary>
public sealed class SavedViewRecord
{
    public const int LongestName = 100, LongestQuery = 4000;

    public Guid Id { get; init; }

    /// <summary>Which page: "compare".</summary>
    public required string Page { get; init; }
    public required string Name { get; init; }

    /// <summary>The query of the page's address, as the page itself writes it.</summary>
    public required string Query { get; init; }
    public DateTimeOffset SavedAt { get; init; }
}
