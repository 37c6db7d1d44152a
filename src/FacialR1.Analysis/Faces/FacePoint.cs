namespace FacialR1.Analysis.Faces;

/// <summary>A place in a picture, as fractions of its width and height from the upper left corner; slightly outside [0, 1] when it lies beyond the edge.</summary>
public readonly record struct FacePoint(double X, double Y)
{
    public double DistanceTo(FacePoint other) => Math.Sqrt((X - other.X) * (X - other.X) + (Y - other.Y) * (Y - other.Y));

    /// <summary>The place at a share of the way to another.</summary>
    public FacePoint Towards(FacePoint other, double share) => new(X + (other.X - X) * share, Y + (other.Y - Y) * share);
}
