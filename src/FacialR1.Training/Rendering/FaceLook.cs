using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>How hair lies on a head.</summary>
public enum HairStyle
{
    Shaved,
    Cropped,
    Full,
    Falling,
}

/// <summary>What a person looks like, apart from the shape of the head. Colours are sRGB, 0 to 1.</summary>
public sealed record FaceLook
{
    /// <summary>Six tones from the lightest to the deepest.</summary>
    public static IReadOnlyList<Vector3> SkinTones { get; } = [Rgb(228, 190, 169), Rgb(222, 180, 154), Rgb(206, 158, 126), Rgb(182, 130, 96), Rgb(136, 90, 64), Rgb(94, 62, 46)];

    public required Vector3 Skin { get; init; }
    public required Vector3 Hair { get; init; }
    public required Vector3 Iris { get; init; }
    public required HairStyle Style { get; init; }

    /// <summary>Height of the hairline over its usual place, in units of the mesh.</summary>
    public float Hairline { get; init; }

    /// <summary>Thickness of the brows; 1 is usual.</summary>
    public float Brows { get; init; } = 1;

    /// <summary>How red the lips are, 0 to 1.</summary>
    public float Lips { get; init; } = 0.5f;

    /// <summary>Shadow of a shaved or short beard, 0 to 1.</summary>
    public float Beard { get; init; }

    /// <summary>How deep the lines of age and movement are; 1 is usual.</summary>
    public float Lines { get; init; } = 1;

    /// <summary>Clothes at the neck.</summary>
    public Vector3 Clothes { get; init; } = Rgb(70, 80, 100);

    /// <summary>Freckles, pores and strands of hair.</summary>
    public uint Seed { get; init; }

    internal static Vector3 Rgb(int red, int green, int blue) => new(red / 255f, green / 255f, blue / 255f);
}
