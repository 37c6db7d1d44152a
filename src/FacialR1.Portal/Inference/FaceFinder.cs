using FacialR1.Portal.Configuration;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Inference;

/// <summary>Finds the faces of a photo, largest first, each with the square a model gets to see. The detector is loaded with the first photo.</summary>
public sealed partial class FaceFinder(PortalPaths paths, ILogger<FaceFinder> logger) : IDisposable
{
    private readonly Lock gate = new();
    private FaceDetector? detector;

    /// <returns>An empty list when no face was found, and also when the detector's weights are missing (the log names the file):
    /// a page then offers the whole picture.</returns>
    public IReadOnlyList<FaceArea> Find(RgbImage photo) =>
        Detector() is { } found ? [.. found.Detect(photo).Select(Describe)] : [];

    private static FaceArea Describe(DetectedFace face)
    {
        var frame = FaceCrop.For(face);
        return new FaceArea(Area(face.Box), Area(frame.Square), Math.Round(face.Score, 4), Math.Round(frame.Degrees, 1));
    }

    private FaceDetector? Detector()
    {
        lock (gate)
        {
            try
            {
                return detector ??= FaceDetector.Load(paths.Models);
            }
            catch (FileNotFoundException error)
            {
                Log.NoDetector(logger, error.Message);
                return null;
            }
        }
    }

    private static PixelArea Area(PixelBox box) => new(box.Left, box.Top, box.Width, box.Height);

    public void Dispose() => detector?.Dispose();

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Error, "Faces cannot be looked for: {Reason}")]
        public static partial void NoDetector(ILogger logger, string reason);
    }
}
