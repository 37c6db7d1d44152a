using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;

namespace FacialR1.Training.Tests.Data;

/// <summary>Small made-up samples: a bright blob whose place depends on the number.</summary>
internal static class Faces
{
    public static FaceSample Sample(int number, int side = 48)
    {
        var pixels = new byte[side * side];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = (byte)((index * 7 + number * 31) % 251);
        var landmarks = Enumerable.Range(0, 136).Select(index => (index * 5 + number) % 97 / 97f).ToArray();
        var units = FerAuFolder.ActionUnits.Where(unit => (unit + number) % 3 == 0).ToArray();
        return new FaceSample($"sample-{number}", pixels, side, (Emotion)(number % 7), units, new float[15], landmarks);
    }

    public static IReadOnlyList<FaceSample> Samples(int count) => [.. Enumerable.Range(0, count).Select(number => Sample(number))];
}
