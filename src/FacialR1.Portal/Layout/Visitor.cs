namespace FacialR1.Portal.Layout;

/// <summary>What is known about the browser from its cookies, read once when the page is first rendered.</summary>
/// <param name="HasAcknowledged">It accepted the current rules of use.</param>
public sealed record Visitor(ThemeChoice Theme, bool HasAcknowledged);
