using FacialR1.Analysis.Facs;

namespace FacialR1.Training.Rendering;

/// <summary>One picture of the rendered benchmark before it is drawn: the scene and what is true about it.</summary>
/// <param name="Id">"p07-12".</param>
/// <param name="Subject">Whose head it is, "p07".</param>
/// <param name="Scene">What is drawn.</param>
/// <param name="Intensities">Of every unit that moves at all, 0 to 1.</param>
/// <param name="Emotion">The label whose published pattern was set; null where the units follow none.</param>
/// <param name="Pattern">Who published it; null without an emotion, and for the face at rest.</param>
public sealed record RenderedFace(
    string Id, string Subject, FaceScene Scene, IReadOnlyDictionary<int, float> Intensities, Emotion? Emotion, string? Pattern)
{
    /// <summary>A unit counts as present from here on. In the bundled benchmark none lies between 0.15 and 0.33.</summary>
    public const float PresentFrom = 0.25f;

    /// <summary>What may be sliced by: skin tone, pose, light, pattern.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Units that count as present, ascending.</summary>
    public IReadOnlyList<int> Present => [.. Intensities.Where(row => row.Value >= PresentFrom).Select(row => row.Key).Order()];
}
