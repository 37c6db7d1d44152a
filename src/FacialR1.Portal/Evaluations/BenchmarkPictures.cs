using System.IO.Compression;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Evaluations;

/// <summary>
/// Pictures of benchmarks as models get them, one at a time. A visitor names a result and the number of a sample; which picture that is says the benchmark.
/// </summary>
public sealed class BenchmarkPictures(BenchmarkCatalog benchmarks)
{
    private const long LargestPicture = 20 << 20;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTime Written, Benchmark Benchmark, IReadOnlyDictionary<string, BenchmarkSample> Samples)> folders = [];

    /// <summary>Whether the benchmark of a result is on this machine.</summary>
    public bool Has(string benchmark) => benchmarks.Find(benchmark) is { Problem: null };

    /// <summary>A picture and its media type; null when the benchmark or the picture is not here.</summary>
    /// <param name="benchmark">Name of the benchmark, as the result says.</param>
    /// <param name="sample">The sample, as the benchmark names it.</param>
    /// <param name="image">Its picture, as the result says.</param>
    public (byte[] Bytes, string Type)? Find(string benchmark, string sample, string? image)
    {
        if (benchmarks.Find(benchmark) is not { Problem: null } entry) return null;
        try
        {
            if (File.Exists(Path.Combine(entry.Folder, BenchmarkFolder.ManifestName))) return FromFolder(entry, sample) is { } cropped ? (cropped, "image/png") : null;
            return image is not null && FromArchive(Path.Combine(entry.Folder, $"{entry.Split}.zip"), image) is { } bytes && bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? (bytes, "image/png") : null;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or DataFormatException)
        {
            return null;
        }
    }

    /// <summary>Through the benchmark's own reader, which cuts out the face where the data says where it is and follows no path out of the folder.</summary>
    private byte[]? FromFolder(BenchmarkEntry entry, string sample)
    {
        var (_, benchmark, samples) = Load(entry);
        return samples.TryGetValue(sample, out var found) ? ImageWriter.ToPng(benchmark.Open(found)) : null;
    }

    private (DateTime Written, Benchmark Benchmark, IReadOnlyDictionary<string, BenchmarkSample> Samples) Load(BenchmarkEntry entry)
    {
        var written = File.GetLastWriteTimeUtc(Path.Combine(entry.Folder, BenchmarkFolder.SamplesName));
        lock (gate)
        {
            if (folders.TryGetValue(entry.Name, out var known) && known.Written == written) return known;
            var benchmark = BenchmarkFolder.Load(entry.Folder, entry.Split);
            return folders[entry.Name] = (written, benchmark, benchmark.Samples.ToDictionary(sample => sample.Id, StringComparer.Ordinal));
        }
    }

    private static byte[]? FromArchive(string archive, string image)
    {
        if (!File.Exists(archive)) return null;
        using var zip = ZipFile.OpenRead(archive);
        if (zip.GetEntry(image) is not { Length: <= LargestPicture } entry) return null;
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
