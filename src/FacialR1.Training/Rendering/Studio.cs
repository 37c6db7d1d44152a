using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>One light from far away.</summary>
/// <param name="From">Direction to the light, of length 1, in camera space: x right, y up, z to the camera.</param>
/// <param name="Colour">Linear, 1 is white at full strength.</param>
internal readonly record struct Light(Vector3 From, Vector3 Colour);

/// <summary>Lights and backdrop. The first light throws shadows.</summary>
/// <param name="Name">What the metadata of a picture says.</param>
internal sealed record Studio(string Name, IReadOnlyList<Light> Lights, Vector3 Above, Vector3 Below, Vector3 BackdropTop, Vector3 BackdropBottom)
{
    /// <summary>Four ordinary set-ups.</summary>
    public static IReadOnlyList<Studio> All { get; } =
    [
        Of("frontal", new(0.15f, 0.45f, 1), new(1.75f, 1.7f, 1.65f), new(-0.8f, 0.1f, 0.7f), new(0.32f, 0.33f, 0.36f), 0.50f),
        Of("left", new(-0.85f, 0.55f, 0.9f), new(2.1f, 2.0f, 1.88f), new(0.9f, 0.1f, 0.6f), new(0.34f, 0.37f, 0.44f), 0.42f),
        Of("right", new(0.85f, 0.55f, 0.9f), new(2.1f, 2.0f, 1.88f), new(-0.9f, 0.1f, 0.6f), new(0.34f, 0.37f, 0.44f), 0.42f),
        Of("window", new(-0.6f, 0.75f, 0.85f), new(1.65f, 1.72f, 1.82f), new(0.7f, 0.2f, 0.8f), new(0.55f, 0.50f, 0.44f), 0.56f),
    ];

    private static Studio Of(string name, Vector3 key, Vector3 keyColour, Vector3 fill, Vector3 fillColour, float ambient) => new(
        name,
        [new(Geometry.Unit(key), keyColour), new(Geometry.Unit(fill), fillColour), new(Geometry.Unit(new(-key.X, 0.6f, -0.7f)), new(0.35f, 0.36f, 0.4f))],
        new Vector3(1, 1.02f, 1.08f) * ambient, new Vector3(0.75f, 0.62f, 0.55f) * ambient, default, default);
}
