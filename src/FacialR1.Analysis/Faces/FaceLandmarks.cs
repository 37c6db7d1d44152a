namespace FacialR1.Analysis.Faces;

/// <summary>
/// The 68 points of a face in the common order (Sagonas et al. 2013): 0–16 jaw, 17–21 and 22–26 brows, 27–30 bridge of the nose, 31–35 its base, 36–41 and 42–47 eyes,
/// 48–59 outer and 60–67 inner edge of the lips. Each pair begins on the left of the picture, which is the right side of the face.
/// </summary>
public sealed class FaceLandmarks
{
    public const int Count = 68;

    /// <exception cref="ArgumentException">There are not 68 points, or one is not a number.</exception>
    public FaceLandmarks(IReadOnlyList<FacePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count != Count) throw new ArgumentException($"A face has {Count} points here, not {points.Count}.", nameof(points));
        if (points.Any(point => !double.IsFinite(point.X) || !double.IsFinite(point.Y))) throw new ArgumentException("Every point needs two finite numbers.", nameof(points));
        Points = points;
    }

    public IReadOnlyList<FacePoint> Points { get; }

    public FacePoint this[int index] => Points[index];

    /// <summary>Between the outer corners of the eyes: the unit in which distances on a face are told.</summary>
    public double InterOcular => this[36].DistanceTo(this[45]);

    /// <summary>Mean distance to other points of the same face, in units of their inter-ocular distance.</summary>
    public double ErrorAgainst(FaceLandmarks truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        return Points.Zip(truth.Points, (point, right) => point.DistanceTo(right)).Average() / truth.InterOcular;
    }
}
