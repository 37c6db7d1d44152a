namespace FacialR1.Portal.BrowserTests;

/// <summary>Every page of the portal that has an address of its own.</summary>
internal static class Pages
{
    public static string[] All { get; } = ["/", "/history", "/benchmarks", "/benchmarks/new", "/training", "/training/new", "/checkpoints", "/responsible-use", "/about"];
}
