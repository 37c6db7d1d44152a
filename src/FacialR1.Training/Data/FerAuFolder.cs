using System.IO.Compression;
using System.Text.Json;
using FacialR1.Analysis.Facs;
using SkiaSharp;

namespace FacialR1.Training.Data;

/// <summary>Reads a folder in the fer-au layout: <c>&lt;split&gt;.zip</c>, <c>&lt;split&gt;.jsonl</c> and, optionally, <c>&lt;split&gt;-landmarks.npy</c>.</summary>
public static class FerAuFolder
{
    /// <summary>The 15 AUs that the set estimates, ascending; the order of <see cref="FaceSample.Intensities"/>.</summary>
    public static IReadOnlyList<int> ActionUnits { get; } = [1, 2, 4, 5, 6, 7, 10, 12, 15, 17, 18, 20, 25, 26, 43];

    /// <summary>What people must know about its labels.</summary>
    public const string LabelNote = "Action units are automatic estimates, not FACS coding; emotion labels are noisy.";

    /// <summary>Reads a whole split into memory (about 2.5 KB a sample).</summary>
    /// <param name="limit">At most this many samples, from the start.</param>
    /// <exception cref="DataFormatException">A file is missing or does not fit; the message names file, line and what was expected.</exception>
    public static IReadOnlyList<FaceSample> Load(string folder, string split, int? limit = null)
    {
        var table = Path.Combine(folder, $"{split}.jsonl");
        var pictures = Path.Combine(folder, $"{split}.zip");
        foreach (var file in (string[])[table, pictures])
            if (!File.Exists(file)) throw new DataFormatException($"{file} was not found. A folder in the fer-au layout holds {split}.jsonl and {split}.zip.");

        var landmarkFile = Path.Combine(folder, $"{split}-landmarks.npy");
        NpyFile.Halves? landmarks = File.Exists(landmarkFile) ? NpyFile.ReadHalves(landmarkFile) : null;
        using var archive = ZipFile.OpenRead(pictures);
        var samples = new List<FaceSample>();
        foreach (var line in File.ReadLines(table))
        {
            if (samples.Count == limit) break;
            if (string.IsNullOrWhiteSpace(line)) continue;
            samples.Add(Parse(line, samples.Count, table, archive, landmarks));
        }

        if (landmarks is not null && limit is null && landmarks.Value.Rows != samples.Count)
            throw new DataFormatException($"{landmarkFile} has {landmarks.Value.Rows} rows, {table} has {samples.Count} samples; they must be in the same order.");
        return samples;
    }

    private static FaceSample Parse(string line, int row, string table, ZipArchive archive, NpyFile.Halves? landmarks)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var (pixels, side) = ReadGrey(archive, json.GetProperty("image").GetString()!);
            Emotion? emotion = json.TryGetProperty("emotion", out var label) && label.ValueKind == JsonValueKind.String
                ? Enum.Parse<Emotion>(label.GetString()!, ignoreCase: true) : null;
            var units = json.TryGetProperty("actionUnits", out var codes)
                ? codes.EnumerateArray().Select(code => int.Parse(code.GetString()!.AsSpan(2), provider: null)).Order().ToArray() : null;
            var intensities = json.TryGetProperty("intensities", out var values)
                ? ActionUnits.Select(unit => values.GetProperty($"AU{unit}").GetSingle()).ToArray() : null;
            return new FaceSample(json.GetProperty("id").GetString()!, pixels, side, emotion, units, intensities,
                landmarks is { } points && row < points.Rows ? points.Row(row) : null, json.GetProperty("image").GetString());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new DataFormatException($"{table}, line {row + 1}: {error.Message} Expected id, image, emotion, actionUnits and intensities as in fer-au.", error);
        }
    }

    private static (byte[] Pixels, int Side) ReadGrey(ZipArchive archive, string name)
    {
        var entry = archive.GetEntry(name) ?? throw new ArgumentException($"The archive has no picture named '{name}'.");
        using var stream = entry.Open();
        using var bytes = new MemoryStream((int)entry.Length);
        stream.CopyTo(bytes);
        bytes.Position = 0;
        using var bitmap = SKBitmap.Decode(bytes) ?? throw new ArgumentException($"Picture '{name}' cannot be decoded.");
        if (bitmap.Width != bitmap.Height) throw new ArgumentException($"Picture '{name}' is {bitmap.Width}×{bitmap.Height}; a square one was expected.");
        var grey = new byte[bitmap.Width * bitmap.Height];
        if (bitmap.ColorType == SKColorType.Gray8)
        {
            for (var y = 0; y < bitmap.Height; y++)
                bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, bitmap.Width).CopyTo(grey.AsSpan(y * bitmap.Width));
            return (grey, bitmap.Width);
        }

        for (var index = 0; index < grey.Length; index++)
        {
            var color = bitmap.GetPixel(index % bitmap.Width, index / bitmap.Width);
            grey[index] = (byte)((color.Red * 299 + color.Green * 587 + color.Blue * 114 + 500) / 1000);   // ITU-R BT.601 luma
        }

        return (grey, bitmap.Width);
    }
}

/// <summary>A data set on disk is not what it should be. The message names the file and what was expected.</summary>
public sealed class DataFormatException : Exception
{
    public DataFormatException(string message) : base(message) { }

    public DataFormatException(string message, Exception innerException) : base(message, innerException) { }
}
