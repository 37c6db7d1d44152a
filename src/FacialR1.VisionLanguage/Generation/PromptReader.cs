using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Reads token sequences with their images side by side, the shorter ones padded in front. B sequences, T tokens of the longest, W width.</summary>
internal static class PromptReader
{
    /// <summary>Where the tokens of one sequence stand.</summary>
    /// <exception cref="ArgumentException">Placeholders and images do not match.</exception>
    public static MultimodalPositions PositionsOf(Qwen25VlModel model, IReadOnlyList<int> ids, IReadOnlyList<ImagePatches> images) =>
        MultimodalPositions.Of(ids, [.. images.Select(image => image.Grid)], model.Options.Tokens.Image, model.Options.Vision.MergeSize);

    /// <summary>All hidden states: [B, T, W], owned by the caller; a row's own tokens are its last ones.</summary>
    /// <param name="sequences">Ids with one placeholder per visual token, positions, and the images in the order of their placeholders.</param>
    /// <param name="padding">Fills shorter sequences; never seen by the model.</param>
    /// <param name="cache">An empty cache that is filled; null when nothing will be read behind.</param>
    /// <param name="pixels">[N, patch length] of all images in order, in place of the values in <paramref name="sequences"/>: for gradients; null for those.</param>
    public static Tensor Read(
        Qwen25VlModel model, IReadOnlyList<(IReadOnlyList<int> Ids, MultimodalPositions Positions, IReadOnlyList<ImagePatches> Images)> sequences, int padding, KeyValueCache? cache, Tensor? pixels = null)
    {
        using var scope = NewDisposeScope();
        var (count, length) = (sequences.Count, sequences.Max(sequence => sequence.Ids.Count));
        var ids = Filled((long)padding, count * length);
        var places = Filled(1L, 3 * count * length);   // the position of padding does not matter: nobody looks at it
        var attended = new bool[count * length];
        for (var row = 0; row < count; row++)
        {
            var (own, end) = (sequences[row].Ids, (row + 1) * length);
            var positions = sequences[row].Positions;
            for (var index = 0; index < own.Count; index++) ids[end - own.Count + index] = own[index];
            foreach (var (axis, values) in new[] { positions.Time, positions.Height, positions.Width }.Index())
                values.CopyTo(places, axis * count * length + end - values.Length);
            attended.AsSpan(end - own.Count, own.Count).Fill(true);
        }

        var images = sequences.SelectMany(sequence => sequence.Images).ToList();
        return model.Read(
            tensor(ids, device: model.Device).view(count, length),
            tensor(places, device: model.Device).view(3, count, length),
            images.Count == 0 ? null : model.Vision.Encode(pixels ?? PixelsOf(model, images), [.. images.Select(image => image.Grid)]),
            cache,
            attended.Contains(false) ? tensor(attended, device: model.Device).view(count, length) : null).MoveToOuterDisposeScope();
    }

    private static Tensor PixelsOf(Qwen25VlModel model, List<ImagePatches> images) =>
        cat([.. images.Select(image => tensor(image.Values, device: model.Device).view(image.Grid.Patches, image.PatchLength))]);

    private static long[] Filled(long value, int count)
    {
        var values = new long[count];
        Array.Fill(values, value);
        return values;
    }
}
