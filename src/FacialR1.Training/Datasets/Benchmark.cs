using System.Security.Cryptography;
using System.Text;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>Labelled pictures that models are measured on.</summary>
/// <param name="Name">"fer-au/val".</param>
/// <param name="Vocabulary">Numbers of the units that it annotates.</param>
/// <param name="LabelNote">What people must know about its labels: estimated, synthetic, coded by certified coders.</param>
/// <param name="Sha256">Of the files behind it: other labels or pictures, another checksum.</param>
/// <param name="Samples">In a fixed order.</param>
public sealed record Benchmark(string Name, IReadOnlyList<int> Vocabulary, string LabelNote, string Sha256, IReadOnlyList<BenchmarkSample> Samples)
{
    /// <summary>Reads the picture of a sample.</summary>
    public required Func<BenchmarkSample, RgbImage> Open { get; init; }

    /// <summary>A folder with <c>benchmark.json</c>, or one split of a folder in the fer-au layout.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="split">train, val or test; null takes every sample of a folder with benchmark.json.</param>
    /// <param name="limit">Only the first samples.</param>
    /// <exception cref="DataFormatException">A file is missing or does not fit; the message names file, line and what was expected.</exception>
    public static Benchmark Load(string folder, string? split, int? limit = null) =>
        File.Exists(Path.Combine(folder, BenchmarkFolder.ManifestName)) ? BenchmarkFolder.Load(folder, split, limit) : FerAu(folder, split ?? "val", limit);

    /// <summary>SHA-256 of the sample ids, one a line: two results with the same value are about the same samples in the same order.</summary>
    public string SampleIdsSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Samples.Select(sample => sample.Id)))));

    private static Benchmark FerAu(string folder, string split, int? limit)
    {
        var faces = FerAuFolder.Load(folder, split, limit);
        var byId = new Dictionary<string, FaceSample>(StringComparer.Ordinal);
        foreach (var face in faces)
            if (!byId.TryAdd(face.Id, face)) throw new DataFormatException($"{Path.Combine(folder, $"{split}.jsonl")}: the id \"{face.Id}\" occurs twice.");
        return new Benchmark(
            $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}/{split}", FerAuFolder.ActionUnits,
            FerAuFolder.LabelNote,
            FileChecksum.Of([Path.Combine(folder, $"{split}.jsonl"), Path.Combine(folder, $"{split}.zip")]),
            [.. faces.Select(face => new BenchmarkSample(face.Id, face.Image ?? face.Id, new(face.Emotion, face.ActionUnits)) { Split = split })])
        {
            Open = sample => Grey(byId[sample.Id]),
        };
    }

    private static RgbImage Grey(FaceSample face)
    {
        var pixels = new byte[face.Pixels.Length * 3];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = face.Pixels[index / 3];
        return new RgbImage(face.Side, face.Side, pixels);
    }
}
