using FacialR1.Analysis.Faces;

namespace FacialR1.Portal.Tests;

/// <summary>The points of an upright, regular face that fills its crop.</summary>
internal static class TestFace
{
    public static FaceLandmarks Landmarks { get; } = new(
    [
        .. Range(17, step => (0.05 + 0.9 * step / 16, 0.4 + 0.58 * Math.Sin(Math.PI * step / 16))),                        // jaw
        .. Range(5, step => (0.15 + 0.07 * step, 0.27 - 0.02 * Math.Sin(Math.PI * step / 4))), .. Range(5, step => (0.57 + 0.07 * step, 0.27 - 0.02 * Math.Sin(Math.PI * step / 4))),   // brows
        .. Range(4, step => (0.5, 0.38 + 0.06 * step)), .. Range(5, step => (0.42 + 0.04 * step, 0.62)),                   // nose
        .. Ring(6, 0.3, 0.38, 0.08, 0.03), .. Ring(6, 0.7, 0.38, 0.08, 0.03),                                               // eyes
        .. Ring(12, 0.5, 0.78, 0.15, 0.06), .. Ring(8, 0.5, 0.78, 0.1, 0.02),                                               // lips
    ]);

    private static IEnumerable<FacePoint> Range(int count, Func<int, (double X, double Y)> at) => Enumerable.Range(0, count).Select(step => new FacePoint(at(step).X, at(step).Y));

    /// <summary>From the left corner over the upper edge around.</summary>
    private static IEnumerable<FacePoint> Ring(int count, double x, double y, double radiusX, double radiusY) =>
        Range(count, step => (x - radiusX * Math.Cos(2 * Math.PI * step / count), y - radiusY * Math.Sin(2 * Math.PI * step / count)));
}
