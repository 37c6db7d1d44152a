using System.Globalization;
using System.Numerics;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Training.Rendering;

/// <summary>
/// Who is drawn with which expression: 25 people, each with two pictures of every published pattern of six emotions in turn, two at rest and six with other
/// combinations of units. Everything follows from the seed.
/// </summary>
public sealed class RenderedPlan
{
    /// <summary>The seed of the bundled benchmark.</summary>
    public const ulong BundledSeed = 20;

    /// <summary>People in the bundled benchmark.</summary>
    public const int BundledPeople = 25;

    private const int PicturesPerEmotion = 2, AtRest = 2, Others = 6;
    private const float Strongest = 1, Weakest = 0.62f, Trace = 0.14f, Clear = 0.38f;
    private const float MostTurn = 20, MostNod = 8, MostTilt = 6, FrontalTurn = 7;

    /// <summary>Patterns as the table of prototypes has them, with the key of their source there.</summary>
    public static IReadOnlyList<(Emotion Emotion, IReadOnlyList<int> Units, string Source)> Patterns { get; } =
    [
        (Emotion.Anger, [4, 5, 7, 24], "facs-11-1"), (Emotion.Anger, [4, 7, 24], "du-2014"),
        (Emotion.Disgust, [4, 10, 17], "facs-11-1"), (Emotion.Disgust, [9, 10, 17], "du-2014"), (Emotion.Disgust, [9, 15, 16], "emfacs"),
        (Emotion.Fear, [1, 2, 4, 5, 20, 25], "facs-11-1"), (Emotion.Fear, [1, 2, 4, 5, 20, 26], "emfacs"), (Emotion.Fear, [1, 4, 20, 25], "du-2014"),
        (Emotion.Happiness, [6, 12, 25], "facs-11-1"), (Emotion.Happiness, [6, 12], "emfacs"), (Emotion.Happiness, [12, 25], "du-2014"),
        (Emotion.Sadness, [1, 4, 15], "emfacs"), (Emotion.Sadness, [4, 15], "du-2014"),
        (Emotion.Surprise, [1, 2, 5, 26], "emfacs"), (Emotion.Surprise, [1, 2, 25, 26], "du-2014"),
    ];

    /// <summary>Combinations that no table gives an emotion for.</summary>
    private static readonly int[][] Combinations =
    [
        [43], [18], [28], [22, 25], [14], [16, 25], [27, 25], [9], [10], [20], [2], [43, 17], [43, 14], [18, 2], [27, 5], [28, 4], [28, 1], [22, 5], [14, 24], [14, 2],
        [18, 43], [27, 43], [22, 2], [18, 4], [28, 2], [22, 1], [27, 7], [16, 7], [6, 7], [26, 43],
    ];

    private static readonly (string Name, Vector3 Colour)[] Hair =
    [
        ("black", FaceLook.Rgb(16, 14, 14)), ("dark brown", FaceLook.Rgb(40, 28, 22)), ("brown", FaceLook.Rgb(78, 52, 34)), ("fair", FaceLook.Rgb(168, 128, 78)),
        ("grey", FaceLook.Rgb(140, 138, 136)), ("red", FaceLook.Rgb(122, 56, 30)),
    ];

    private static readonly Vector3[] Irises = [FaceLook.Rgb(58, 34, 18), FaceLook.Rgb(80, 50, 26), FaceLook.Rgb(104, 76, 42), FaceLook.Rgb(88, 116, 142), FaceLook.Rgb(92, 104, 66)];
    private static readonly string[] ToneNames = ["1 (lightest)", "2", "3", "4", "5", "6 (deepest)"];

    private readonly FaceShapes shapes;
    private readonly ulong seed;

    private RenderedPlan(FaceShapes shapes, ulong seed) => (this.shapes, this.seed) = (shapes, seed);

    /// <summary>Every picture, person by person.</summary>
    /// <param name="shapes">The head; lips are measured on it.</param>
    /// <param name="people">How many people, at least 1.</param>
    /// <param name="seed">Another seed, other people and expressions.</param>
    public static IReadOnlyList<RenderedFace> Make(FaceShapes shapes, int people = BundledPeople, ulong seed = BundledSeed)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 1);
        var plan = new RenderedPlan(shapes, seed);
        var combinations = plan.Shuffled(people * Others);
        return [.. Enumerable.Range(0, people).SelectMany(person => plan.Pictures(person, combinations.Skip(person * Others).Take(Others)))];
    }

    private int[][] Shuffled(int count)
    {
        var random = new Pcg32(seed, stream: 0);
        int[][] order = [.. Enumerable.Range(0, count).Select(index => Combinations[index % Combinations.Length])];
        random.Shuffle(order.AsSpan());
        return order;
    }

    private IEnumerable<RenderedFace> Pictures(int person, IEnumerable<int[]> combinations)
    {
        var random = new Pcg32(seed, stream: (ulong)person + 1);
        var subject = string.Create(CultureInfo.InvariantCulture, $"p{person + 1:00}");
        float[] weights = [.. Enumerable.Range(0, shapes.Identities).Select(_ => 0.85f * Math.Clamp(Normal(random), -2, 2))];
        var tone = person % FaceLook.SkinTones.Count;
        var look = Look(random, tone);

        var wanted = new List<(Emotion? Emotion, IReadOnlyList<int> Units, string? Pattern)>();
        foreach (var group in Patterns.GroupBy(pattern => pattern.Emotion))
            for (var picture = 0; picture < PicturesPerEmotion; picture++)
            {
                var pattern = group.ElementAt((person * PicturesPerEmotion + picture) % group.Count());
                wanted.Add((pattern.Emotion, pattern.Units, pattern.Source));
            }
        for (var picture = 0; picture < AtRest; picture++) wanted.Add((Emotion.Neutral, [], null));
        foreach (var units in combinations) wanted.Add((null, units, null));

        foreach (var (index, (emotion, units, pattern)) in wanted.Index())
        {
            var lean = 0.08f * Between(random, -1, 1);
            var intensities = Intensities(random, units, weights, lean);
            var (yaw, pitch, roll) = (Between(random, -MostTurn, MostTurn), Between(random, -MostNod, MostNod), Between(random, -MostTilt, MostTilt));
            if (random.NextInt(3) == 0) yaw /= 4;
            var light = random.NextInt(FaceRenderer.Lights.Count);
            var level = Between(random, 0.42f, 0.82f);
            var scene = new FaceScene
            {
                Person = weights, Look = look, Shapes = UnitShapes.Weights(intensities, lean), Units = intensities, Yaw = yaw, Pitch = pitch, Roll = roll, Light = light,
                Backdrop = new Vector3(level) + new Vector3(Between(random, 0, 0.07f), Between(random, 0, 0.07f), Between(random, 0, 0.07f)),
                Scale = Between(random, 0.94f, 1.05f), Shift = new Vector2(Between(random, -0.02f, 0.02f), Between(random, -0.015f, 0.02f)),
            };
            var metadata = new Dictionary<string, string>
            {
                ["skin tone"] = ToneNames[tone], ["pose"] = yaw > FrontalTurn ? "turned to the person's left" : yaw < -FrontalTurn ? "turned to the person's right" : "frontal",
                ["yaw"] = Whole(yaw), ["pitch"] = Whole(pitch), ["roll"] = Whole(roll), ["light"] = FaceRenderer.Lights[light],
            };
            if (pattern is not null) metadata["pattern"] = pattern;
            yield return new RenderedFace(string.Create(CultureInfo.InvariantCulture, $"{subject}-{index + 1:00}"), subject, scene, intensities, emotion, pattern) { Metadata = metadata };
        }
    }

    /// <summary>Clear intensities for what is wanted, traces below the threshold for some of the rest. Parted lips are measured, and brought out of the doubtful range.</summary>
    private SortedDictionary<int, float> Intensities(Pcg32 random, IReadOnlyList<int> wanted, float[] person, float lean)
    {
        var intensities = new SortedDictionary<int, float>();
        foreach (var unit in wanted)
            if (unit != UnitShapes.LipsPart)
                intensities[unit] = Hundredth(unit switch { 43 => 1, 27 => Between(random, 0.68f, 0.95f), 26 => Between(random, 0.5f, 1), _ => Between(random, Weakest, Strongest) });
        foreach (var unit in (int[])[1, 2, 4, 7, 12, 14, 15])
            if (random.NextInt(4) == 0 && !intensities.ContainsKey(unit)) intensities[unit] = Hundredth(Between(random, 0.02f, Trace));

        var head = shapes.Person(person);
        float Gap() => UnitShapes.LipGap(shapes, head, shapes.Express(head, UnitShapes.Weights(intensities, lean)));
        var gap = Gap();
        var target = wanted.Contains(UnitShapes.LipsPart) || gap > Trace ? Clear + Between(random, 0, 0.2f) : 0;
        // Lips open by a little of everything that opens them, none of it enough to count by itself.
        for (var step = 1; gap < target && step <= 7; step++)
        {
            foreach (var (unit, share) in ((int, float)[])[(10, 0.02f), (16, 0.02f), (26, 0.02f)])
                if (intensities.GetValueOrDefault(unit) < Trace && !intensities.ContainsKey(27)) intensities[unit] = Hundredth(Math.Min(Trace, share * step));
            gap = Gap();
        }
        if (gap > 0.005f) intensities[UnitShapes.LipsPart] = Hundredth(gap);
        return intensities;
    }

    private static FaceLook Look(Pcg32 random, int tone)
    {
        var isDark = tone >= 3;
        var style = (HairStyle)random.NextInt(4);
        var hasBeard = style != HairStyle.Falling && random.NextInt(3) == 0;
        return new FaceLook
        {
            Skin = FaceLook.SkinTones[tone], Hair = Hair[random.NextInt(isDark ? 2 : Hair.Length)].Colour, Iris = Irises[random.NextInt(isDark ? 2 : Irises.Length)], Style = style,
            Hairline = Between(random, -0.4f, 0.9f), Brows = Between(random, 0.75f, 1.25f), Lips = style == HairStyle.Falling ? Between(random, 0.4f, 0.9f) : Between(random, 0, 0.45f),
            Beard = hasBeard ? Between(random, 0.35f, 0.95f) : 0, Lines = Between(random, 0.75f, 1.2f), Seed = random.NextUInt(),
            Clothes = new Vector3(Between(random, 0.12f, 0.5f), Between(random, 0.14f, 0.5f), Between(random, 0.16f, 0.55f)),
        };
    }

    private static float Between(Pcg32 random, float low, float high) => low + (high - low) * (float)random.NextDouble();

    /// <summary>Twelve uniform numbers: near enough to N(0, 1), and the same on every machine.</summary>
    private static float Normal(Pcg32 random)
    {
        var sum = -6.0;
        for (var draw = 0; draw < 12; draw++) sum += random.NextDouble();
        return (float)sum;
    }

    private static float Hundredth(float value) => (float)Math.Round(value, 2);

    private static string Whole(float degrees) => ((int)MathF.Round(degrees)).ToString(CultureInfo.InvariantCulture);
}
