using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>One answer of the network before overlapping answers are merged.</summary>
/// <param name="Left">Left edge of the box.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Lower edge.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Points">Six points: right eye, left eye, nose tip, mouth, right ear, left ear.</param>
internal sealed record FaceCandidate(float Left, float Top, float Right, float Bottom, float Score, PixelPoint[] Points)
{
    public float Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>The same face after <c>x → x * scale + offset</c>.</summary>
    public FaceCandidate Move(float scale, float offsetX, float offsetY) => new(
        Left * scale + offsetX, Top * scale + offsetY, Right * scale + offsetX, Bottom * scale + offsetY, Score,
        Array.ConvertAll(Points, p => new PixelPoint(p.X * scale + offsetX, p.Y * scale + offsetY)));

    public float Intersection(FaceCandidate other) =>
        Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));

    public DetectedFace ToFace()
    {
        var (left, top) = ((int)MathF.Round(Left), (int)MathF.Round(Top));
        return new DetectedFace(
            new PixelBox(left, top, Math.Max(1, (int)MathF.Round(Right) - left), Math.Max(1, (int)MathF.Round(Bottom) - top)), Score,
            new FaceKeypoints(Points[0], Points[1], Points[2], Points[3], Points[4], Points[5]));
    }
}
