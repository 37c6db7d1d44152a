namespace FacialR1.Training.Datasets;

/// <summary>Paths that data sets name: nothing in a file of somebody else may point outside the folder it belongs to.</summary>
internal static class BenchmarkPath
{
    /// <summary>Whether a relative path stays inside its folder.</summary>
    public static bool IsInside(string path) =>
        !Path.IsPathRooted(path) && !path.Contains(':') && !path.Contains('\0') && !path.Split('/', '\\').Contains("..");
}
