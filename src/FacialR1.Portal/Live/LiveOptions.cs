namespace FacialR1.Portal.Live;

/// <summary>Who may listen from elsewhere.</summary>
public sealed record LiveOptions
{
    public const string Section = "Live";

    /// <summary>Origins of other web pages that may open the hubs, such as <c>https://dashboard.example</c>. Programs that are no browsers send no origin and need no entry.</summary>
    public string[] AllowedOrigins { get; init; } = [];
}
