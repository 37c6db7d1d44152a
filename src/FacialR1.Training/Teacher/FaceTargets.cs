using FacialR1.VisionLanguage.Faces;
using FacialR1.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Teacher;

/// <summary>What B views should be answered with, as tensors that belong to the caller's dispose scope.</summary>
/// <param name="Emotions">[B], numbers of the emotions in canonical order.</param>
/// <param name="ActionUnits">[B, 15], 1 where the AU is present.</param>
/// <param name="Intensities">[B, 15], square roots of intensities: most are near 0, and the root spreads them.</param>
/// <param name="Landmarks">[B, 136], x and y fractions of the side.</param>
public readonly record struct FaceTargets(Tensor Emotions, Tensor ActionUnits, Tensor Intensities, Tensor Landmarks)
{
    /// <param name="device">CPU unless given.</param>
    public static FaceTargets Of(FaceBatch batch, Device? device = null) => new(
        tensor(batch.Samples.Select(sample => (long)sample.Emotion!.Value).ToArray(), device: device),
        tensor(batch.Samples.SelectMany(Presence).ToArray(), [batch.Samples.Count, FerAuFolder.ActionUnits.Count], device: device),
        tensor(batch.Samples.SelectMany(Roots).ToArray(), [batch.Samples.Count, FerAuFolder.ActionUnits.Count], device: device),
        tensor(batch.Views.SelectMany(view => view.Landmarks!).ToArray(), [batch.Views.Count, 136], device: device));

    /// <summary>The views as one picture tensor [B, 1, side, side] in [0, 1].</summary>
    /// <param name="device">CPU unless given.</param>
    public static Tensor Pictures(FaceBatch batch, Device? device = null)
    {
        var side = batch.Samples[0].Side;
        var pixels = new float[batch.Views.Count * side * side];
        foreach (var (row, view) in batch.Views.Index()) view.Grey.CopyTo(pixels, row * side * side);
        return tensor(pixels, [batch.Views.Count, 1, side, side], device: device);
    }

    /// <summary>Cross-entropy of the emotion, binary cross-entropy of the AUs with the distance of their intensities, and distance of the landmarks, each a scalar.</summary>
    /// <remarks>An AU is an intensity above a threshold: how far above or below says more than the label alone.</remarks>
    /// <param name="smoothing">Label smoothing of the emotion: its labels are noisy.</param>
    public (Tensor Emotion, Tensor ActionUnits, Tensor Landmarks) Losses(FaceOutputs outputs, double smoothing) => (
        functional.cross_entropy(outputs.Emotions, Emotions, label_smoothing: smoothing),
        functional.binary_cross_entropy_with_logits(outputs.ActionUnits, ActionUnits) + functional.smooth_l1_loss(outputs.Intensities * 4, Intensities * 4),
        functional.smooth_l1_loss(outputs.Landmarks * 10, Landmarks * 10));

    private static IEnumerable<float> Roots(FaceSample sample) =>
        sample.Intensities?.Select(value => MathF.Sqrt(Math.Clamp(value, 0, 1))) ?? Presence(sample);

    private static IEnumerable<float> Presence(FaceSample sample) =>
        FerAuFolder.ActionUnits.Select(unit => sample.ActionUnits!.Contains(unit) ? 1f : 0f);
}
