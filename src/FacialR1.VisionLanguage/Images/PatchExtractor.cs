namespace FacialR1.VisionLanguage.Images;

/// <summary>Resizes, normalises and cuts a picture into patches in the order of the reference implementation (Qwen2VLImageProcessor).</summary>
public sealed class PatchExtractor
{
    private readonly float[][] normalised;   // [channel][byte]

    /// <summary>Prepares for one checkpoint. The object has no state of its own and may be shared.</summary>
    public PatchExtractor(ImageProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        normalised = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256)
            .Select(value => ((float)(value * (1 / 255.0)) - options.ImageMean[channel]) / options.ImageStd[channel]).ToArray())];
    }

    /// <summary>The settings of the checkpoint.</summary>
    public ImageProcessorOptions Options { get; }

    /// <summary>The size that a picture of the given size is resized to.</summary>
    /// <exception cref="ArgumentException">The shape is longer than 200 to 1.</exception>
    public PixelSize TargetSize(int width, int height) =>
        SmartResize.For(width, height, Options.Factor, Options.MinimumPixels, Options.MaximumPixels);

    /// <summary>Cuts the picture into patches, resizing it first where its sides are not multiples of the factor or out of the pixel budget.</summary>
    /// <exception cref="ArgumentException">The shape is longer than 200 to 1.</exception>
    public ImagePatches Extract(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var size = TargetSize(image.Width, image.Height);
        return Cut(PillowResize.Bicubic(Options.IsGrey ? image.ToGrey() : image, size.Width, size.Height));
    }

    private ImagePatches Cut(RgbImage image)
    {
        var (side, merge, frames) = (Options.PatchSize, Options.MergeSize, Options.TemporalPatchSize);
        var grid = new PatchGrid(1, image.Height / side, image.Width / side);
        var values = new float[grid.Patches * Options.PatchLength];
        var target = values.AsSpan();
        for (var cellTop = 0; cellTop < grid.Height; cellTop += merge)
            for (var cellLeft = 0; cellLeft < grid.Width; cellLeft += merge)
                for (var row = cellTop; row < cellTop + merge; row++)
                    for (var column = cellLeft; column < cellLeft + merge; column++)
                    {
                        WritePatch(image, column * side, row * side, target[..Options.PatchLength]);
                        target = target[Options.PatchLength..];
                    }
        return new ImagePatches(values, grid, Options.PatchLength);

        void WritePatch(RgbImage source, int left, int top, Span<float> patch)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var frame = patch.Slice(channel * frames * side * side, side * side);
                for (var y = 0; y < side; y++)
                {
                    var pixels = source.Row(top + y).Slice(left * 3, side * 3);
                    for (var x = 0; x < side; x++) frame[y * side + x] = normalised[channel][pixels[x * 3 + channel]];
                }
                for (var repeat = 1; repeat < frames; repeat++)
                    frame.CopyTo(patch.Slice((channel * frames + repeat) * side * side, side * side));
            }
        }
    }
}
