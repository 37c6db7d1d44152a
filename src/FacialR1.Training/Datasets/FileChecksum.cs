using System.Security.Cryptography;
using System.Text;

namespace FacialR1.Training.Datasets;

/// <summary>Identifies files by content.</summary>
internal static class FileChecksum
{
    /// <summary>SHA-256 over the SHA-256 of each file, like <c>sha256sum a b | sha256sum</c> in their folder.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string Of(IEnumerable<string> files)
    {
        var lines = new StringBuilder();
        foreach (var file in files) lines.Append(Of(file)).Append("  ").Append(Path.GetFileName(file)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>SHA-256 of one file in lower-case hexadecimal.</summary>
    public static string Of(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
