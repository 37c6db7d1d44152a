using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>Which shapes of the mesh stand for which action unit, and the one unit that is measured on the mesh instead: parted lips.</summary>
/// <remarks>An intensity scales the shapes of its unit, 0 to 1, the mean of both sides. It is no FACS letter: nobody has coded where A ends and B begins.</remarks>
public static class UnitShapes
{
    /// <summary>Lips part, measured.</summary>
    public const int LipsPart = 25;

    private const int JawDrop = 26, MouthStretch = 27;

    /// <summary>Weight of <c>jawOpen</c> at a jaw drop of intensity 1; beyond it the mouth is stretched (AU27), which uses the rest of the way.</summary>
    private const float JawDropWeight = 0.5f;

    /// <remarks>A share above 1 takes a shape further than its author drew it, where full weight is hard to see in a small picture.</remarks>
    private static readonly Dictionary<int, (string Shape, float Share, bool HasSides)[]> Table = new()
    {
        [1] = [("browInnerUp", 1, true)],
        [2] = [("browOuterUp", 1, true)],
        [4] = [("browDown", 1.4f, true)],
        [5] = [("eyeWide", 1, true)],
        // Both shapes at full weight would close the eyes.
        [6] = [("cheekSquint", 0.9f, true), ("cheekRaiser", 0.35f, true)],
        [7] = [("eyeSquint", 1.3f, true)],
        [9] = [("noseSneer", 1, true)],
        [10] = [("mouthUpperUp", 1, true)],
        [12] = [("mouthSmile", 1, true)],
        [14] = [("mouthDimple", 1.3f, true)],
        [15] = [("mouthFrown", 1.2f, true)],
        [16] = [("mouthLowerDown", 1, true)],
        [17] = [("mouthShrugLower", 1, false), ("mouthShrugUpper", 0.6f, false)],
        [18] = [("mouthPucker", 1, false)],
        [20] = [("mouthStretch", 1, true)],
        [22] = [("mouthFunnel", 1, false)],
        [24] = [("mouthPress", 1.35f, true)],
        [JawDrop] = [("jawOpen", JawDropWeight, false)],
        [MouthStretch] = [("jawOpen", 1, false)],
        [28] = [("mouthRollLower", 1, false), ("mouthRollUpper", 1, false)],
        [43] = [("eyeBlink", 1, true)],
    };

    /// <summary>Units that a picture may show, ascending.</summary>
    public static IReadOnlyList<int> Units { get; } = [.. Table.Keys.Append(LipsPart).Order()];

    /// <summary>Weights of the shapes.</summary>
    /// <param name="intensities">By unit, 0 to 1; AU25 has no shape and is left out.</param>
    /// <param name="lean">How much stronger the person's left side is than the mean, −1 to 1 as a share.</param>
    public static Dictionary<string, float> Weights(IReadOnlyDictionary<int, float> intensities, float lean = 0)
    {
        ArgumentNullException.ThrowIfNull(intensities);
        var weights = new Dictionary<string, float>(StringComparer.Ordinal);
        void Add(string shape, float weight) => weights[shape] = weights.GetValueOrDefault(shape) + weight;
        foreach (var (unit, intensity) in intensities.OrderBy(row => row.Key))
        {
            if (unit == LipsPart || intensity == 0) continue;
            foreach (var (shape, share, hasSides) in Table[unit])
                if (hasSides)
                {
                    Add(shape + "_L", intensity * share * (1 + lean));
                    Add(shape + "_R", intensity * share * (1 - lean));
                }
                else Add(shape, intensity * share);
        }
        return weights;
    }

    /// <summary>How far the lips are apart beyond the head at rest, in units of the mesh (about centimetres): the intensity of AU25, at most 1.</summary>
    public static float LipGap(FaceShapes shapes, IReadOnlyList<Vector3> person, IReadOnlyList<Vector3> expressed)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        float Of(IReadOnlyList<Vector3> mesh)
        {
            var sum = 0f;
            foreach (var (upper, lower) in ((int, int)[])[(61, 67), (62, 66), (63, 65)]) sum += mesh[shapes.Landmarks[upper]].Y - mesh[shapes.Landmarks[lower]].Y;
            return sum / 3;
        }

        return Math.Clamp(Of(expressed) - Of(person), 0, 1);
    }
}
