namespace FacialR1.TestKit;

/// <summary>An empty folder that disappears with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("facialr1-").FullName;

    /// <summary>A path inside it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes it with everything inside.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
