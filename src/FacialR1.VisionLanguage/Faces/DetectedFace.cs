using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>A place in a picture, in pixels; (0, 0) is the upper left corner of the upper left pixel.</summary>
public readonly record struct PixelPoint(float X, float Y);

/// <summary>Six points of a face in picture pixels. Right and left are the person's own.</summary>
public sealed record FaceKeypoints(PixelPoint RightEye, PixelPoint LeftEye, PixelPoint NoseTip, PixelPoint Mouth, PixelPoint RightEar, PixelPoint LeftEar);

/// <summary>A face found in a picture: where it is, nothing about whose it is.</summary>
/// <param name="Box">From the brows to below the mouth, ear to ear, in picture pixels; it may reach beyond the picture.</param>
/// <param name="Score">0 to 1: how sure the detector is.</param>
/// <param name="Keypoints">Eyes, nose tip, mouth centre, ears.</param>
public sealed record DetectedFace(PixelBox Box, float Score, FaceKeypoints Keypoints)
{
    /// <summary>Degrees by which the line of the eyes is turned clockwise in the picture; 0 for an upright head.</summary>
    public double Tilt => Math.Atan2(Keypoints.LeftEye.Y - Keypoints.RightEye.Y, Keypoints.LeftEye.X - Keypoints.RightEye.X) * 180 / Math.PI;
}
