using FacialR1.Analysis.Facs;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Data;

/// <summary>One labelled face of a training or benchmark set.</summary>
/// <param name="Id">Unique within the set.</param>
/// <param name="Pixels">8-bit grey levels, row by row, <paramref name="Side"/> × <paramref name="Side"/>.</param>
/// <param name="Side">Pixels per side.</param>
/// <param name="Emotion">Null where the set has no emotion label.</param>
/// <param name="ActionUnits">Numbers of the AUs that are present, ascending; null where the set has no AU labels.</param>
/// <param name="Intensities">One value in [0, 1] per AU of <see cref="FerAuFolder.ActionUnits"/>, in that order; null where not estimated.</param>
/// <param name="Landmarks">68 points as x, y fractions of the side; null where not estimated.</param>
/// <param name="Image">The name under which the set keeps the picture; null where it has none.</param>
public sealed record FaceSample(
    string Id, byte[] Pixels, int Side, Emotion? Emotion, IReadOnlyList<int>? ActionUnits, float[]? Intensities, float[]? Landmarks,
    string? Image = null)
{
    /// <summary>The photo with all three channels alike.</summary>
    public RgbImage ToPicture()
    {
        var pixels = new byte[3 * Pixels.Length];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = Pixels[index / 3];
        return new RgbImage(Side, Side, pixels);
    }
}
