using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Features.Results;

/// <summary>The five parts of the face that share a colour and a name on chips; more colours could not be told apart.</summary>
public enum FacePart { Brows, Eyes, Cheeks, Mouth, Jaw }

public static class FaceParts
{
    public static FacePart Part(this FaceRegion region) => region switch
    {
        FaceRegion.Brow => FacePart.Brows,
        FaceRegion.Eye => FacePart.Eyes,
        FaceRegion.Cheek or FaceRegion.Nose => FacePart.Cheeks,
        FaceRegion.Jaw or FaceRegion.Chin or FaceRegion.Neck => FacePart.Jaw,
        _ => FacePart.Mouth,
    };

    /// <summary>As in <c>part-brows</c>; the stylesheet gives it its colour.</summary>
    public static string Class(this FacePart part) => $"part-{part.ToString().ToLowerInvariant()}";

    public static string Label(this FacePart part) => part switch
    {
        FacePart.Cheeks => "cheeks, nose",
        FacePart.Jaw => "jaw, chin",
        _ => part.ToString().ToLowerInvariant(),
    };
}
