using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tests.Images;

namespace FacialR1.VisionLanguage.Tests.Faces;

/// <summary>The committed weights, loaded once, and the bundled photos.</summary>
public sealed class FaceDetectorFixture : IDisposable
{
    public FaceDetector Detector { get; } = FaceDetector.Load(RepositoryFiles.At("data", "models"));

    internal static IReadOnlyList<string> PhotoNames { get; } = ["photo-neutral-034.jpg", "photo-neutral-037.jpg", "photo-smiling-021.jpg", "photo-smiling-062.jpg"];

    internal static RgbImage Photo(string name) => ImageReader.ReadFile(RepositoryFiles.At("data", "samples", name));

    /// <summary>A grey canvas with pictures on it.</summary>
    internal static RgbImage Canvas(int width, int height, byte grey, params (RgbImage Picture, int Left, int Top)[] placed)
    {
        var canvas = new RgbImage(width, height, [.. Enumerable.Repeat(grey, width * height * 3)]);
        foreach (var (picture, left, top) in placed)
            for (var y = 0; y < picture.Height; y++) picture.Row(y).CopyTo(canvas.Pixels.AsSpan(((top + y) * width + left) * 3));
        return canvas;
    }

    public void Dispose() => Detector.Dispose();
}
