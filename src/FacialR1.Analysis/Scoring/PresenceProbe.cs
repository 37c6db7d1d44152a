using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>How the units that are not there are chosen to be asked about, as POPE (Li et al. 2023) does for objects.</summary>
public enum AbsentDraw
{
    /// <summary>Any of them.</summary>
    Random,

    /// <summary>Those that are frequent in training.</summary>
    Popular,

    /// <summary>Those that in training most often occur together with the units that are there.</summary>
    Adversarial,
}

/// <summary>"Is this unit visible?"</summary>
/// <param name="Unit">The unit asked about.</param>
/// <param name="IsPresent">What is true.</param>
public readonly record struct PresenceQuestion(int Unit, bool IsPresent);

/// <summary>How often units occur in training, alone and together: what <see cref="AbsentDraw.Popular"/> and <see cref="AbsentDraw.Adversarial"/> rest on.</summary>
/// <param name="labels">The labelled units of each training sample.</param>
public sealed class UnitFrequencies(IEnumerable<IReadOnlyCollection<int>> labels)
{
    private readonly IReadOnlyCollection<int>[] samples = [.. labels];

    /// <summary>Samples in which a unit is labelled.</summary>
    public int Of(int unit) => samples.Count(sample => sample.Contains(unit));

    /// <summary>Samples in which it is labelled, once for every one of the others labelled with it.</summary>
    public int With(int unit, IReadOnlyCollection<int> others) => samples.Where(sample => sample.Contains(unit)).Sum(sample => others.Count(sample.Contains));
}

/// <summary>Questions about single units: every one that is there, and as many that are not (measures.md, section 3.5).</summary>
public static class PresenceProbe
{
    /// <summary>The questions for one face, units that are there first.</summary>
    /// <param name="present">Units that are there.</param>
    /// <param name="vocabulary">Units that the data annotates.</param>
    /// <param name="draw">How absent units are chosen.</param>
    /// <param name="training">Needed by all but random draws.</param>
    /// <param name="random">Moves on only for random draws.</param>
    /// <returns>Fewer absent than present ones where the vocabulary has no more.</returns>
    public static IReadOnlyList<PresenceQuestion> Questions(IReadOnlyCollection<int> present, IReadOnlyCollection<int> vocabulary, AbsentDraw draw, UnitFrequencies training, Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(random);
        int[] there = [.. vocabulary.Where(present.Contains)], absent = [.. vocabulary.Except(present)];
        if (draw == AbsentDraw.Random) random.Shuffle(absent.AsSpan());
        else absent = [.. absent.OrderByDescending(unit => draw == AbsentDraw.Popular ? training.Of(unit) : training.With(unit, there)).ThenBy(unit => unit)];
        return [.. there.Select(unit => new PresenceQuestion(unit, true)), .. absent.Take(there.Length).Select(unit => new PresenceQuestion(unit, false))];
    }
}

/// <summary>How presence questions were answered.</summary>
/// <param name="TruePositives">There, and "yes".</param>
/// <param name="FalsePositives">Not there, and "yes".</param>
/// <param name="FalseNegatives">There, and "no" or unreadable.</param>
/// <param name="TrueNegatives">Not there, and "no".</param>
/// <param name="UnreadableAbsent">Not there, and unreadable: wrong, but no "yes".</param>
public readonly record struct PresenceScores(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives, int UnreadableAbsent = 0)
{
    /// <summary>Questions asked.</summary>
    public int N => TruePositives + FalsePositives + FalseNegatives + TrueNegatives + UnreadableAbsent;

    /// <summary>Right answers / questions; null without questions.</summary>
    public double? Accuracy => Ratio(TruePositives + TrueNegatives, N);

    /// <summary>Null when nothing was answered with "yes".</summary>
    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Null when nothing was there.</summary>
    public double? Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>2TP / (2TP + FP + FN); null when nothing was there and nothing answered with "yes".</summary>
    public double? F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Answers "yes" / questions: one half where as many units are there as not; more is a habit of saying yes.</summary>
    public double? YesRatio => Ratio(TruePositives + FalsePositives, N);

    /// <summary>Counts answers; null stands for one that could not be read, which is wrong.</summary>
    public static PresenceScores Of(IEnumerable<(bool IsPresent, bool? Answer)> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var scores = default(PresenceScores);
        foreach (var answer in answers)
            scores = answer switch
            {
                (true, true) => scores with { TruePositives = scores.TruePositives + 1 },
                (true, _) => scores with { FalseNegatives = scores.FalseNegatives + 1 },
                (false, true) => scores with { FalsePositives = scores.FalsePositives + 1 },
                (false, false) => scores with { TrueNegatives = scores.TrueNegatives + 1 },
                (false, null) => scores with { UnreadableAbsent = scores.UnreadableAbsent + 1 },
            };
        return scores;
    }

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
