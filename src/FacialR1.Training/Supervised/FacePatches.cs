using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>Turns square grey views into the patches that the image processor makes of them, without a detour through bytes.</summary>
public static class FacePatches
{
    /// <param name="pictures">[B, 1, side, side] in [0, 1]; the side is what the processor resizes to.</param>
    /// <returns>[B·patches, 3·2·p·p] in the processor's order (merge cells contiguous), and one grid per picture.</returns>
    public static (Tensor Patches, PatchGrid[] Grids) Of(Tensor pictures, ImageProcessorOptions options)
    {
        using var scope = NewDisposeScope();
        var (batch, side, patch, merge) = (pictures.shape[0], pictures.shape[2], options.PatchSize, options.MergeSize);
        var (cells, count) = (side / (patch * merge), (int)(side / patch));
        if (cells * patch * merge != side)
            throw new ArgumentException($"Views of {side} pixels do not divide into cells of {patch * merge}.", nameof(pictures));

        var grey = pictures.view(batch, cells, merge, patch, cells, merge, patch)
            .permute(0, 1, 4, 2, 5, 3, 6).reshape(-1, 1, 1, patch * patch);                        // [B·patches, 1, 1, p²]
        var mean = tensor(options.ImageMean.ToArray(), device: pictures.device).view(1, 3, 1, 1);
        var deviation = tensor(options.ImageStd.ToArray(), device: pictures.device).view(1, 3, 1, 1);
        var patches = ((grey - mean) / deviation).expand(-1, 3, options.TemporalPatchSize, patch * patch).reshape(-1, options.PatchLength);
        return (patches.MoveToOuterDisposeScope(), [.. Enumerable.Repeat(new PatchGrid(1, count, count), (int)batch)]);
    }
}
