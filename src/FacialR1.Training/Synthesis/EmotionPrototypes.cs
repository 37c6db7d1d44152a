using FacialR1.Analysis.Facs;

namespace FacialR1.Training.Synthesis;

/// <summary>Which action units speak for an emotion: the only check of units that a source did not annotate.</summary>
/// <remarks>
/// Core and supporting units follow three published lists: the EMFACS-style table, the strongest combinations of the FACS manual's table 11-1, and Du, Tao
/// and Martinez (2014). They are weak evidence for faces outside the laboratory, so the threshold is configurable and the rate of rejections is reported.
/// </remarks>
public static class EmotionPrototypes
{
    /// <summary>Stored with every run that uses the table.</summary>
    public const string Version = "emotion-prototypes/1";

    private const double NeutralLimit = 0.75;

    /// <summary>Of an emotion whose core units replace each other (disgust: 9 or 10) one is enough.</summary>
    private sealed record Prototype(int[] Core, int[] Supporting, bool OneIsEnough = false);

    private static readonly Dictionary<Emotion, Prototype> Table = new()
    {
        [Emotion.Happiness] = new([12], [6, 25, 26]),
        [Emotion.Sadness] = new([4, 15], [1, 6, 11, 17, 43]),
        [Emotion.Surprise] = new([1, 2], [5, 25, 26, 27]),
        [Emotion.Fear] = new([1, 4], [2, 5, 7, 20, 25, 26, 27]),
        [Emotion.Anger] = new([4], [5, 7, 10, 17, 22, 23, 24]),
        [Emotion.Disgust] = new([9, 10], [4, 6, 7, 15, 16, 17, 24, 25], OneIsEnough: true),
    };

    /// <summary>(core present + ½ · supporting present − ½ · core units of other emotions present) / core size; 0 for neutral, which has no units.</summary>
    public static double Support(Emotion emotion, IReadOnlyCollection<int> units)
    {
        if (!Table.TryGetValue(emotion, out var own)) return 0;
        var core = own.Core.Count(units.Contains);
        var others = Table.Where(entry => entry.Key != emotion).SelectMany(entry => entry.Value.Core).Distinct()
            .Count(unit => units.Contains(unit) && !own.Core.Contains(unit) && !own.Supporting.Contains(unit));
        var size = own.OneIsEnough ? 1 : own.Core.Length;
        return (Math.Min(core, size) + 0.5 * own.Supporting.Count(units.Contains) - 0.5 * others) / size;
    }

    /// <summary>
    /// The support reaches the threshold, or is positive and no other emotion has more. Neutral fits units that give no emotion a support of 0.75.
    /// </summary>
    public static bool Supports(Emotion emotion, IReadOnlyCollection<int> units, double threshold)
    {
        var best = Table.Keys.Max(other => Support(other, units));
        if (emotion == Emotion.Neutral) return best < NeutralLimit;
        var support = Support(emotion, units);
        return support >= threshold || (support > 0 && support >= best);
    }
}
