using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Alignment;

/// <summary>What one claimed unit does for one emotion.</summary>
/// <param name="ActionUnit">The unit.</param>
/// <param name="Emotion">The emotion.</param>
/// <param name="Weight">PMI in nats; above 0 it speaks for the emotion, below 0 against it.</param>
public sealed record AlignmentEdge(int ActionUnit, Emotion Emotion, double Weight);

/// <summary>How claimed units and the answer fit together, by learned weights and by published patterns (measures 3.4). A reading aid, not a probability.</summary>
public sealed record EmotionAlignment
{
    /// <summary>The claimed units it is about, distinct, ascending.</summary>
    public required IReadOnlyList<int> ActionUnits { get; init; }

    /// <summary>The answered label; null without one.</summary>
    public required Emotion? Answer { get; init; }

    /// <summary>softmax over emotions of the summed weights; null when no claimed unit has weights.</summary>
    public required IReadOnlyDictionary<Emotion, double>? Shares { get; init; }

    /// <summary>The emotions with the highest sum: one, or several on a tie; empty when no claimed unit has weights.</summary>
    public required IReadOnlyList<Emotion> Implied { get; init; }

    /// <summary>Best F1 of each emotion's patterns.</summary>
    public required IReadOnlyDictionary<Emotion, PrototypeFit> Prototypes { get; init; }

    /// <summary>Every claimed unit with weights against every emotion.</summary>
    public required IReadOnlyList<AlignmentEdge> Edges { get; init; }

    /// <summary>Claimed units without weights, ascending: they say nothing here.</summary>
    public required IReadOnlyList<int> WithoutWeight { get; init; }

    /// <summary>Versions of the two tables.</summary>
    public required string PmiVersion { get; init; }
    public required string PrototypeVersion { get; init; }

    /// <summary>softmax at the answer, in (0, 1); null without answer or weights.</summary>
    public double? Alignment => Answer is { } answer && Shares is not null && Shares.TryGetValue(answer, out var share) ? share : null;

    /// <summary>Whether the implied emotion is the answer; null without either and on a tie that includes it.</summary>
    public bool? ImpliedIsAnswer => Answer is not { } answer || Implied.Count == 0 ? null : Implied.Count > 1 && Implied.Contains(answer) ? null : Implied.Contains(answer);

    /// <summary>The answer shares the highest sum with others: half credit in rates.</summary>
    public bool IsTie => Answer is { } answer && Implied.Count > 1 && Implied.Contains(answer);

    /// <summary>The weight of a claimed unit for the answer; null without answer or weight.</summary>
    public double? WeightForAnswer(int unit) => Edges.FirstOrDefault(edge => edge.ActionUnit == unit && edge.Emotion == Answer)?.Weight;

    /// <summary>Computes it.</summary>
    /// <param name="claimed">Asserted units.</param>
    /// <param name="answer">The answered label.</param>
    /// <param name="weights">Counted on training labels.</param>
    /// <param name="prototypes">Published patterns.</param>
    public static EmotionAlignment Of(IEnumerable<int> claimed, Emotion? answer, PmiTable weights, PrototypeTable prototypes)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(prototypes);
        int[] units = [.. claimed.Distinct().Order()];
        var scores = weights.Scores(units);
        return new EmotionAlignment
        {
            ActionUnits = units,
            Answer = answer,
            Shares = scores is null ? null : Softmax(scores),
            Implied = scores is null ? [] : Highest(scores),
            Prototypes = prototypes.Fits(units),
            Edges = [.. units.Where(weights.ActionUnits.Contains).SelectMany(unit => weights.Emotions.Select(emotion => new AlignmentEdge(unit, emotion, weights.Weight(unit, emotion)!.Value)))],
            WithoutWeight = [.. units.Where(unit => !weights.ActionUnits.Contains(unit))],
            PmiVersion = weights.Version,
            PrototypeVersion = prototypes.Version,
        };
    }

    private static Dictionary<Emotion, double> Softmax(IReadOnlyDictionary<Emotion, double> scores)
    {
        var top = scores.Values.Max();
        var sum = scores.Values.Sum(score => Math.Exp(score - top));
        return scores.ToDictionary(entry => entry.Key, entry => Math.Exp(entry.Value - top) / sum);
    }

    private static Emotion[] Highest(IReadOnlyDictionary<Emotion, double> scores)
    {
        var top = scores.Values.Max();
        return [.. scores.Where(entry => top - entry.Value < 1e-9).Select(entry => entry.Key).Order()];
    }
}

/// <summary>How often something holds, where it is defined.</summary>
/// <param name="True">Cases; a tie counts one half.</param>
/// <param name="Ties">Ties among them.</param>
/// <param name="Defined">Cases in which it is defined.</param>
/// <param name="Undefined">Cases left out.</param>
public sealed record ConsistencyRate(double True, int Ties, int Defined, int Undefined)
{
    /// <summary>Null when it is defined nowhere.</summary>
    public double? Rate => Defined == 0 ? null : True / Defined;

    /// <summary>95% Wilson interval of the rate; null when it is defined nowhere. With ties it is taken of the rounded count.</summary>
    public Interval? Interval => Defined == 0 ? null : Wilson.Interval((int)Math.Round(True), Defined);

    /// <summary>Counts flags of which null means "not defined".</summary>
    public static ConsistencyRate Of(IEnumerable<bool?> flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        var all = flags.ToArray();
        return new ConsistencyRate(all.Count(flag => flag == true), 0, all.Count(flag => flag is not null), all.Count(flag => flag is null));
    }

    /// <summary>Measure 3.3b over answers.</summary>
    public static ConsistencyRate OfImplied(IEnumerable<EmotionAlignment> alignments)
    {
        ArgumentNullException.ThrowIfNull(alignments);
        var all = alignments.ToArray();
        var ties = all.Count(alignment => alignment.IsTie);
        var defined = all.Count(alignment => alignment.ImpliedIsAnswer is not null) + ties;
        return new ConsistencyRate(all.Count(alignment => alignment.ImpliedIsAnswer == true) + ties / 2.0, ties, defined, all.Length - defined);
    }
}
