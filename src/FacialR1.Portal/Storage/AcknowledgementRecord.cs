namespace FacialR1.Portal.Storage;

/// <summary>One browser's statement that the rules of use were read. The id is the value of its cookie.</summary>
public sealed class AcknowledgementRecord
{
    public Guid Id { get; init; }

    /// <summary>Version of the page that was read.</summary>
    public required string Version { get; init; }
    public DateTimeOffset AcceptedAt { get; init; }
}
