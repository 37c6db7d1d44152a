using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>Reads and writes our own folder format: <c>benchmark.json</c> and <c>samples.jsonl</c>, described in docs/benchmark-format.md.</summary>
public static class BenchmarkFolder
{
    public const string ManifestName = "benchmark.json", SamplesName = "samples.jsonl";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a benchmark; pictures are opened when they are asked for.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="split">Only samples of this split; null takes all.</param>
    /// <param name="limit">Only the first samples.</param>
    /// <exception cref="DataFormatException">A file is missing or does not fit; the message names file, line and what was expected.</exception>
    public static Benchmark Load(string folder, string? split = null, int? limit = null)
    {
        var manifest = Manifest(folder);
        var table = Path.Combine(folder, SamplesName);
        if (!File.Exists(table)) throw new DataFormatException($"{table} was not found. A benchmark folder holds {ManifestName} and {SamplesName}.");
        var pictures = Path.GetFullPath(manifest.Images ?? ".", Path.GetFullPath(folder));
        var vocabulary = manifest.ActionUnits.Select((code, _) => UnitNumber(code) ?? throw new DataFormatException(
            $"{Path.Combine(folder, ManifestName)}: actionUnits has \"{code}\"; codes such as \"AU12\" are expected.")).ToArray();

        var samples = new List<BenchmarkSample>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, line) in File.ReadLines(table).Index())
        {
            if (samples.Count == limit) break;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var sample = Parse(line, table, index + 1, vocabulary);
            if (!lines.TryAdd(sample.Id, index + 1)) throw new DataFormatException($"{table}, line {index + 1}: the id \"{sample.Id}\" was used on line {lines[sample.Id]} already.");
            if (split is null || string.Equals(sample.Split, split, StringComparison.Ordinal)) samples.Add(sample);
        }

        if (samples.Count == 0)
            throw new DataFormatException(split is null ? $"{table} has no sample." : $"{table} has no sample of the split \"{split}\". Leave the split out to take all samples.");
        return new Benchmark(
            split is null ? manifest.Name : $"{manifest.Name}/{split}", vocabulary, manifest.LabelNote, FileChecksum.Of([Path.Combine(folder, ManifestName), table]), samples)
        {
            Open = sample => ReadPicture(pictures, sample, table),
        };
    }

    /// <summary>What <c>benchmark.json</c> says.</summary>
    /// <exception cref="DataFormatException">It is missing or does not fit.</exception>
    public static BenchmarkManifest Manifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path)) throw new DataFormatException($"{path} was not found. A benchmark folder holds {ManifestName} and {SamplesName}; see docs/benchmark-format.md.");
        try
        {
            var manifest = JsonSerializer.Deserialize<BenchmarkManifest>(File.ReadAllText(path), Json) ?? throw new JsonException("The file is empty.");
            if (manifest.Format != BenchmarkManifest.CurrentFormat)
                throw new DataFormatException(string.Create(CultureInfo.InvariantCulture, $"{path}: format {manifest.Format} is not known here; this version reads format {BenchmarkManifest.CurrentFormat}."));
            return manifest;
        }
        catch (JsonException error)
        {
            throw new DataFormatException($"{path}: {error.Message} Expected is an object as in docs/benchmark-format.md.", error);
        }
    }

    /// <summary>Writes the manifest.</summary>
    public static void Write(string folder, BenchmarkManifest manifest)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, ManifestName), JsonSerializer.Serialize(manifest, Json) + "\n");
    }

    /// <summary>One line of <c>samples.jsonl</c>, without its end.</summary>
    public static string Line(BenchmarkSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var json = new JsonObject { ["id"] = sample.Id, ["image"] = sample.Image };
        void Add(string name, JsonNode? value)
        {
            if (value is not null) json[name] = value;
        }

        Add("subject", sample.Subject);
        Add("split", sample.Split);
        Add("fold", sample.Fold);
        Add("emotion", sample.Labels.Emotion?.Name());
        Add("actionUnits", sample.Labels.ActionUnits is { } units ? new JsonArray([.. units.Order().Select(unit => (JsonNode)ActionUnit.CodeOf(unit))]) : null);
        Add("intensities", sample.Intensities is { } intensities
            ? new JsonObject(intensities.OrderBy(row => row.Key).Select(row => KeyValuePair.Create(ActionUnit.CodeOf(row.Key), (JsonNode?)row.Value))) : null);
        Add("face", sample.Face is { } face ? new JsonArray(face.Left, face.Top, face.Width, face.Height) : null);
        Add("rawLabel", sample.RawLabel);
        Add("reference", sample.Reference);
        Add("metadata", sample.Metadata.Count > 0 ? new JsonObject(sample.Metadata.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value))) : null);
        return json.ToJsonString();
    }

    /// <summary>The number of "AU12"; null when it is no known unit.</summary>
    internal static int? UnitNumber(string code) =>
        ActionUnit.NumberOf(code) is { } number && ActionUnits.IsKnown(number) ? number : null;

    private static BenchmarkSample Parse(string line, string table, int number, IReadOnlyCollection<int> vocabulary)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            string? Text(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

            var id = Text("id");
            var image = Text("image");
            if (string.IsNullOrWhiteSpace(id) || string.IsNullOrWhiteSpace(image)) throw new FormatException("id and image are needed.");
            if (!BenchmarkPath.IsInside(image)) throw new FormatException($"image \"{image}\" must be a path inside the picture folder, without \"..\" and not absolute.");
            Emotion? emotion = Text("emotion") is { } word
                ? Emotions.All.FirstOrDefault(known => known.Name() == word) is var found && found.Name() == word ? found : throw new FormatException(
                    $"emotion is \"{word}\"; one of {Emotions.List(Emotions.All)} is expected.") : null;
            var units = json.TryGetProperty("actionUnits", out var codes) && codes.ValueKind != JsonValueKind.Null
                ? codes.EnumerateArray().Select(code => UnitNumber(code.GetString() ?? "") ?? throw new FormatException($"actionUnits has {code.GetRawText()}; codes such as \"AU12\" are expected."))
                    .Distinct().Order().ToArray() : null;
            if (units?.FirstOrDefault(unit => !vocabulary.Contains(unit)) is { } outside and not 0)
                throw new FormatException($"actionUnits has {ActionUnit.CodeOf(outside)}, which is not among the actionUnits of {ManifestName}.");
            return new BenchmarkSample(id, image, new ResponseLabels(emotion, units))
            {
                Subject = Text("subject"), Split = Text("split"), Reference = Text("reference"), RawLabel = Text("rawLabel"),
                Fold = json.TryGetProperty("fold", out var fold) && fold.ValueKind != JsonValueKind.Null ? fold.GetInt32() : null,
                Intensities = json.TryGetProperty("intensities", out var intensities) && intensities.ValueKind != JsonValueKind.Null
                    ? intensities.EnumerateObject().ToDictionary(row => UnitNumber(row.Name) ?? throw new FormatException($"intensities has \"{row.Name}\"; codes such as \"AU12\" are expected."), row => row.Value.GetDouble())
                    : null,
                Face = json.TryGetProperty("face", out var face) && face.ValueKind != JsonValueKind.Null ? Square(face) : null,
                Metadata = json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind != JsonValueKind.Null
                    ? metadata.EnumerateObject().ToDictionary(row => row.Name, row => row.Value.ToString()) : new Dictionary<string, string>(),
            };
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new DataFormatException(string.Create(CultureInfo.InvariantCulture, $"{table}, line {number}: {error.Message}"), error);
        }
    }

    private static PixelBox Square(JsonElement face)
    {
        int[] numbers = [.. face.EnumerateArray().Select(number => number.GetInt32())];
        return numbers is [var left, var top, > 0 and var width, > 0 and var height]
            ? new PixelBox(left, top, width, height) : throw new FormatException($"face is {face.GetRawText()}; [left, top, width, height] in pixels is expected.");
    }

    private static RgbImage ReadPicture(string pictures, BenchmarkSample sample, string table)
    {
        var path = Path.Combine(pictures, sample.Image.Replace('/', Path.DirectorySeparatorChar));
        try
        {
            var picture = ImageReader.ReadFile(path);
            return sample.Face is { } face ? picture.Crop(face) : picture;
        }
        catch (Exception error) when (error is ImageRejectedException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataFormatException($"{table}: the picture {path} of sample \"{sample.Id}\" cannot be used. {error.Message}", error);
        }
    }
}
