namespace FacialR1.VisionLanguage.Tests.Images;

/// <summary>Finds committed files from wherever the tests were built to.</summary>
internal static class RepositoryFiles
{
    private static readonly Lazy<string> Root = new(() =>
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FacialR1.Portal.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds FacialR1.Portal.sln.");
    });

    public static string At(params string[] parts) => Path.Combine([Root.Value, .. parts]);

    public static string Fixture(params string[] parts) => At(["tests", "FacialR1.VisionLanguage.Tests", "Fixtures", .. parts]);
}
