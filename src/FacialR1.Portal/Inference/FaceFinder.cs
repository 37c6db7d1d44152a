using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Inference;

/// <summary>Finds the faces of a photo, largest first.</summary>
public sealed class FaceFinder
{
    public IReadOnlyList<FaceArea> Find(RgbImage photo) => [];
}
