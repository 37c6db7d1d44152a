using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>One picture to be made: who, with which expression, turned how, in which light.</summary>
public sealed record FaceScene
{
    /// <summary>Weights of the identity modes.</summary>
    public required IReadOnlyList<float> Person { get; init; }

    /// <summary>Skin, hair and eyes.</summary>
    public required FaceLook Look { get; init; }

    /// <summary>Weights of expression shapes by name, 0 to 1.</summary>
    public required IReadOnlyDictionary<string, float> Shapes { get; init; }

    /// <summary>Intensities of action units, 0 to 1: they deepen lines of the skin.</summary>
    public required IReadOnlyDictionary<int, float> Units { get; init; }

    /// <summary>Turn to the person's left, in degrees.</summary>
    public float Yaw { get; init; }

    /// <summary>Nod upwards, in degrees.</summary>
    public float Pitch { get; init; }

    /// <summary>Tilt, in degrees, clockwise as seen.</summary>
    public float Roll { get; init; }

    /// <summary>Index of the light set-up, from 0.</summary>
    public int Light { get; init; }

    /// <summary>Colour of the backdrop, sRGB, 0 to 1.</summary>
    public Vector3 Backdrop { get; init; } = new(0.6f);

    /// <summary>Size of the head in the picture; 1 is usual.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Shift of the head, as shares of the side.</summary>
    public Vector2 Shift { get; init; }
}
