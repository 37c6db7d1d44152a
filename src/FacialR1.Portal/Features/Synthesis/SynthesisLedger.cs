using System.Text.RegularExpressions;
using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>A photo of a round with everything that was tried and decided about it.</summary>
/// <param name="Attempts">In order, without their texts.</param>
/// <param name="Review">What a person decided; null when nobody has, or took it back.</param>
public sealed record SynthesisSample(int Round, string Name, IReadOnlyList<SynthesisAttempt> Attempts, SynthesisReview? Review)
{
    public string? Image => Attempts[0].Image;
    public string? Emotion => Attempts[0].Emotion;
    public IReadOnlyList<int>? LabelledUnits => Attempts[0].LabelledUnits;

    /// <summary>The filter took one of the attempts.</summary>
    public bool IsAcceptedByFilter => Attempts.Any(attempt => attempt.Accepted);

    /// <summary>It will be trained on: the person's decision counts, else the filter's.</summary>
    public bool IsAccepted => Review?.Kind switch { ReviewDecision.Accept or ReviewDecision.Edit => true, ReviewDecision.Reject => false, _ => IsAcceptedByFilter };

    /// <summary>The attempt that would be used: the accepted one, or the last.</summary>
    public SynthesisAttempt Chosen => Attempts.FirstOrDefault(attempt => attempt.Accepted) ?? Attempts[^1];
}

/// <summary>How many of how many.</summary>
public readonly record struct Yield(int Accepted, int Of)
{
    /// <summary>0 to 1; null of none.</summary>
    public double? Share => Of == 0 ? null : (double)Accepted / Of;
}

/// <summary>What a round of synthesis generated, kept and rejected, with the decisions of people applied.</summary>
public sealed partial class SynthesisLedger
{
    private SynthesisLedger(IReadOnlyList<SynthesisSample> samples) => Samples = samples;

    /// <summary>In the order of their first attempt.</summary>
    public IReadOnlyList<SynthesisSample> Samples { get; }

    /// <summary>Rounds that have samples, ascending.</summary>
    public IReadOnlyList<int> Rounds => [.. Samples.Select(sample => sample.Round).Distinct().Order()];

    /// <summary>Puts attempts and reviews together.</summary>
    /// <param name="attempts">In any order; of equal attempts (a run that went on after a kill repeats some) the last counts.</param>
    /// <param name="reviews">In the order in which they were written; the last about a sample of a round counts.</param>
    public static SynthesisLedger Of(IEnumerable<SynthesisAttempt> attempts, IEnumerable<SynthesisReview> reviews)
    {
        var decided = new Dictionary<(int, string), SynthesisReview?>();
        foreach (var review in reviews) decided[(review.Round, review.Sample)] = review.Kind is ReviewDecision.Undo or null ? null : review;
        return new SynthesisLedger(
        [
            .. attempts.GroupBy(attempt => (attempt.Round, attempt.Sample)).Select(group => new SynthesisSample(group.Key.Round, group.Key.Sample,
                [.. group.GroupBy(attempt => attempt.Attempt).Select(same => same.Last()).OrderBy(attempt => attempt.Attempt)], decided.GetValueOrDefault(group.Key))),
        ]);
    }

    /// <summary>Only one round.</summary>
    public SynthesisLedger Round(int round) => new([.. Samples.Where(sample => sample.Round == round)]);

    public Yield Total => Count(Samples);

    /// <summary>Attempts made; rejected ones included.</summary>
    public int Attempts => Samples.Sum(sample => sample.Attempts.Count);

    /// <summary>Samples a person has decided about.</summary>
    public int Reviewed => Samples.Count(sample => sample.Review is not null);

    /// <summary>Yield by labelled emotion, in canonical order, then other labels.</summary>
    public IReadOnlyList<(string Emotion, Yield Yield)> ByEmotion =>
    [
        .. Samples.GroupBy(sample => sample.Emotion ?? "no label").Select(group => (group.Key, Count(group)))
            .OrderBy(entry => Emotions.TryParse(entry.Key, out var emotion) ? (int)emotion : int.MaxValue).ThenBy(entry => entry.Key, StringComparer.Ordinal),
    ];

    /// <summary>Yield of the samples whose labels hold a unit, by number; a sample with several units counts for each.</summary>
    public IReadOnlyList<(int Unit, Yield Yield)> ByActionUnit =>
    [
        .. Samples.SelectMany(sample => (sample.LabelledUnits ?? []).Select(unit => (unit, sample))).GroupBy(entry => entry.unit, entry => entry.sample)
            .OrderBy(group => group.Key).Select(group => (group.Key, Count(group))),
    ];

    /// <summary>How many attempts the filter rejected for each reason, the commonest first; an attempt with several reasons counts for each.</summary>
    public IReadOnlyList<(string Reason, int Attempts)> Reasons =>
    [
        .. Samples.SelectMany(sample => sample.Attempts).Where(attempt => !attempt.Accepted).SelectMany(attempt => (attempt.Reasons ?? []).Select(Family).Distinct())
            .GroupBy(reason => reason).Select(group => (group.Key, group.Count())).OrderByDescending(entry => entry.Item2).ThenBy(entry => entry.Key, StringComparer.Ordinal),
    ];

    /// <summary>"missing AU" for "missing AU6": reasons that differ only in the unit are one kind of fault.</summary>
    public static string Family(string reason) => Unit().Replace(reason, "AU");

    [GeneratedRegex(@"\bAU\d+(?:\s*[,+]\s*AU\d+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Unit();

    private static Yield Count(IEnumerable<SynthesisSample> samples) =>
        samples.Aggregate(new Yield(0, 0), (sum, sample) => new Yield(sum.Accepted + (sample.IsAccepted ? 1 : 0), sum.Of + 1));
}
