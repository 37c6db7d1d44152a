namespace FacialR1.VisionLanguage.Images;

/// <summary>What an uploaded picture may cost. All limits are checked before a pixel is decoded.</summary>
public sealed record ImageLimits
{
    /// <summary>20 MB, 50 megapixels, sides at most 200 to 1.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Largest file, in bytes.</summary>
    public long MaximumBytes { get; init; } = 20L * 1024 * 1024;

    /// <summary>Largest width × height.</summary>
    public long MaximumPixels { get; init; } = 50_000_000;

    /// <summary>Largest ratio of the longer to the shorter side; Qwen2.5-VL itself refuses more than 200.</summary>
    public double MaximumAspectRatio { get; init; } = SmartResize.MaximumAspectRatio;
}
