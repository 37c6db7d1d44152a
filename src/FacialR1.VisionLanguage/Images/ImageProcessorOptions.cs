using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.VisionLanguage.Images;

/// <summary>How a checkpoint wants its pictures: the content of <c>preprocessor_config.json</c>.</summary>
public sealed record ImageProcessorOptions
{
    /// <summary>The name of the file in a checkpoint folder.</summary>
    public const string FileName = "preprocessor_config.json";

    private const int PillowBicubic = 3;

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 14;

    /// <summary>Patches a side that are merged into one visual token.</summary>
    public int MergeSize { get; init; } = 2;

    /// <summary>Frames a patch covers; a still picture is repeated that often.</summary>
    public int TemporalPatchSize { get; init; } = 2;

    /// <summary>Smaller pictures are enlarged to at least this many pixels.</summary>
    public long MinimumPixels { get; init; } = 56 * 56;

    /// <summary>Larger pictures are reduced to at most this many pixels.</summary>
    public long MaximumPixels { get; init; } = 28 * 28 * 16384;

    /// <summary>Subtracted from each channel after scaling to 0..1; red, green, blue.</summary>
    public IReadOnlyList<float> ImageMean { get; init; } = [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Each channel is divided by this after the mean is subtracted; red, green, blue.</summary>
    public IReadOnlyList<float> ImageStd { get; init; } = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Whether pictures are read in grey levels (<c>do_grayscale</c>), for models trained on grey photos only; false in the published checkpoints.</summary>
    public bool IsGrey { get; init; }

    /// <summary>Sides of a resized picture are multiples of this many pixels.</summary>
    public int Factor => PatchSize * MergeSize;

    /// <summary>Numbers in one patch: 3 channels × frames × side × side.</summary>
    public int PatchLength => 3 * TemporalPatchSize * PatchSize * PatchSize;

    /// <summary>Reads <c>preprocessor_config.json</c> of a checkpoint folder.</summary>
    /// <exception cref="FileNotFoundException">The folder has no such file.</exception>
    /// <exception cref="InvalidDataException">A value is missing its meaning or asks for something this processor does not do.</exception>
    public static ImageProcessorOptions FromFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new FileNotFoundException($"The checkpoint folder {folder} has no {FileName}.", path);
        try
        {
            return FromJson(File.ReadAllText(path));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads the text of <c>preprocessor_config.json</c>. Absent keys take the values of the published Qwen2.5-VL checkpoints.</summary>
    /// <exception cref="InvalidDataException">A value is missing its meaning or asks for something this processor does not do.</exception>
    public static ImageProcessorOptions FromJson(string json)
    {
        try
        {
            var root = JsonNode.Parse(json) as JsonObject ?? throw new InvalidDataException("A JSON object was expected.");
            RejectOtherProcessing(root);
            var standard = new ImageProcessorOptions();
            // Newer files keep the pixel budget in "size": shortest_edge and longest_edge are pixel counts there, not edges.
            var size = root["size"] as JsonObject;
            var options = new ImageProcessorOptions
            {
                PatchSize = (int?)root["patch_size"] ?? standard.PatchSize,
                MergeSize = (int?)root["merge_size"] ?? standard.MergeSize,
                TemporalPatchSize = (int?)root["temporal_patch_size"] ?? standard.TemporalPatchSize,
                MinimumPixels = (long?)root["min_pixels"] ?? (long?)size?["shortest_edge"] ?? (long?)size?["min_pixels"] ?? standard.MinimumPixels,
                MaximumPixels = (long?)root["max_pixels"] ?? (long?)size?["longest_edge"] ?? (long?)size?["max_pixels"] ?? standard.MaximumPixels,
                ImageMean = Channels(root["image_mean"]) ?? standard.ImageMean,
                ImageStd = Channels(root["image_std"]) ?? standard.ImageStd,
                IsGrey = (bool?)root["do_grayscale"] ?? standard.IsGrey,
            };
            options.Validate();
            return options;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"Not a readable image processor configuration: {error.Message}", error);
        }
    }

    /// <summary>The text of <c>preprocessor_config.json</c> as the reference implementation reads it.</summary>
    public string ToJson() => new JsonObject
    {
        ["image_processor_type"] = "Qwen2VLImageProcessor",
        ["patch_size"] = PatchSize,
        ["temporal_patch_size"] = TemporalPatchSize,
        ["merge_size"] = MergeSize,
        ["min_pixels"] = MinimumPixels,
        ["max_pixels"] = MaximumPixels,
        ["image_mean"] = new JsonArray([.. ImageMean.Select(value => (JsonNode)value)]),
        ["image_std"] = new JsonArray([.. ImageStd.Select(value => (JsonNode)value)]),
        ["do_grayscale"] = IsGrey,
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static float[]? Channels(JsonNode? node) => (node as JsonArray)?.Select(value => (float)value!).ToArray();

    private static void RejectOtherProcessing(JsonObject root)
    {
        foreach (var key in (string[])["do_resize", "do_rescale", "do_normalize"])
            if ((bool?)root[key] is false) throw new InvalidDataException($"\"{key}\": false is not supported.");
        if ((int?)root["resample"] is { } filter && filter != PillowBicubic)
            throw new InvalidDataException($"\"resample\": {filter} is not supported; only {PillowBicubic} (bicubic) is.");
        if ((double?)root["rescale_factor"] is { } scale && Math.Abs(scale * 255 - 1) > 1e-6)
            throw new InvalidDataException($"\"rescale_factor\": {scale} is not supported; only 1/255 is.");
    }

    private void Validate()
    {
        if (PatchSize < 1) throw new InvalidDataException($"\"patch_size\" must be at least 1, not {PatchSize}.");
        if (MergeSize < 1) throw new InvalidDataException($"\"merge_size\" must be at least 1, not {MergeSize}.");
        if (TemporalPatchSize < 1) throw new InvalidDataException($"\"temporal_patch_size\" must be at least 1, not {TemporalPatchSize}.");
        if (MinimumPixels < 0 || MaximumPixels < MinimumPixels)
            throw new InvalidDataException($"The pixel budget {MinimumPixels} to {MaximumPixels} is empty; check \"min_pixels\" and \"max_pixels\".");
        if (ImageMean.Count != 3) throw new InvalidDataException($"\"image_mean\" needs 3 numbers, not {ImageMean.Count}.");
        if (ImageStd.Count != 3 || ImageStd.Any(value => value <= 0)) throw new InvalidDataException("\"image_std\" needs 3 numbers above 0.");
    }
}
