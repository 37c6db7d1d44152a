using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>Value noise: random numbers on a grid, smooth between. The same place and seed give the same value.</summary>
internal readonly struct Noise(uint seed)
{
    /// <summary>−1 to 1.</summary>
    public float At(Vector3 place)
    {
        var (x, y, z) = (MathF.Floor(place.X), MathF.Floor(place.Y), MathF.Floor(place.Z));
        var (u, v, w) = (Smooth(place.X - x), Smooth(place.Y - y), Smooth(place.Z - z));
        var (i, j, k) = ((int)x, (int)y, (int)z);
        return Lerp(Lerp(Row(i, j, k, u), Row(i, j + 1, k, u), v), Lerp(Row(i, j, k + 1, u), Row(i, j + 1, k + 1, u), v), w);
    }

    private float Row(int x, int y, int z, float u) => Lerp(Corner(x, y, z), Corner(x + 1, y, z), u);

    private float Corner(int x, int y, int z)
    {
        var hash = unchecked((uint)x * 0x8DA6B343u ^ (uint)y * 0xD8163841u ^ (uint)z * 0xCB1AB31Fu ^ seed * 0x9E3779B9u);
        hash = unchecked((hash ^ (hash >> 16)) * 0x7FEB352Du);
        hash = unchecked((hash ^ (hash >> 15)) * 0x846CA68Bu);
        return ((hash ^ (hash >> 16)) >> 8) * (2f / (1 << 24)) - 1;
    }

    private static float Smooth(float t) => t * t * (3 - 2 * t);

    private static float Lerp(float a, float b, float t) => a + (b - a) * t;
}
