using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FacialR1.Portal.Configuration;

namespace FacialR1.Portal.Storage;

/// <summary>Results of probes, a file each below the cache folder: they can be made again, and go with their analysis.</summary>
public sealed class ProbeFiles(PortalPaths paths)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What an address names a question by: enough of the SHA-256 of its key.</summary>
    public static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24];

    /// <summary>The stored result; null when there is none, it was made with other weights, or an earlier version of the program wrote it.</summary>
    public async Task<T?> FindAsync<T>(Guid analysisId, string key, string weights, CancellationToken cancellationToken) where T : class =>
        await FindAsync<T>(PathOf(analysisId, NameOf(key)), cancellationToken) is { } stored && stored.Key == key && stored.Weights == weights ? stored.Result : null;

    /// <summary>The key a name in an address stands for; null when nothing of that name is stored.</summary>
    public async Task<string?> KeyOfAsync(Guid analysisId, string name, CancellationToken cancellationToken) =>
        name.Length == 24 && name.All(char.IsAsciiHexDigitLower) ? (await FindAsync<object>(PathOf(analysisId, name), cancellationToken))?.Key : null;

    public async Task SaveAsync<T>(Guid analysisId, string key, string weights, T result, CancellationToken cancellationToken) where T : class
    {
        var path = PathOf(analysisId, NameOf(key));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(new Stored<T>(key, weights, result), Json), cancellationToken);
        File.Move(unfinished, path, overwrite: true);   // atomic: a reader sees the whole file or none
    }

    /// <summary>Removes all results about an analysis.</summary>
    public void Delete(Guid analysisId)
    {
        if (Directory.Exists(FolderOf(analysisId))) Directory.Delete(FolderOf(analysisId), recursive: true);
    }

    private static async Task<Stored<T>?> FindAsync<T>(string path, CancellationToken cancellationToken) where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<Stored<T>>(await File.ReadAllBytesAsync(path, cancellationToken), Json);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or IOException)
        {
            return null;   // made again when asked for
        }
    }

    private string FolderOf(Guid analysisId) => Path.Combine(paths.Cache, "probes", analysisId.ToString("N"));

    private string PathOf(Guid analysisId, string name) => Path.Combine(FolderOf(analysisId), name + ".json");

    private sealed record Stored<T>(string Key, string Weights, T Result);
}
