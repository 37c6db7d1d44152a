using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>Who let a synthesised text into the set.</summary>
public enum SynthesisOrigin
{
    /// <summary>It passed the rule and nobody objected.</summary>
    Rule,

    /// <summary>A person accepted it, whatever the rule said.</summary>
    Reviewed,

    /// <summary>A person wrote or corrected it.</summary>
    Edited,
}

/// <summary>One synthesised training text.</summary>
/// <param name="Sample">Id of the sample.</param>
/// <param name="Image">Its picture's name in the set; null where it has none.</param>
/// <param name="Labels">What was shown when it was written.</param>
/// <param name="Text">Think block and answer block.</param>
/// <param name="Attempt">The attempt it comes from.</param>
public sealed record SynthesisedSample(string Sample, string? Image, ResponseLabels Labels, string Text, SynthesisOrigin Origin, int Round, int Attempt, SynthesisSource Source);

/// <summary>The texts of one or more rounds that may be learnt from, after people have looked at them. The texts are a model's: say so wherever they are shown.</summary>
/// <param name="Samples">One per sample, in the order of the first attempts; a later round replaces an earlier one.</param>
/// <param name="RejectedByReview">Texts that passed the rule and were rejected by a person.</param>
/// <param name="Problems">Decisions that could not be followed, in words.</param>
public sealed record SynthesisedSet(IReadOnlyList<SynthesisedSample> Samples, int RejectedByReview, IReadOnlyList<string> Problems)
{
    /// <summary>What is learnt of each sample.</summary>
    public IReadOnlyDictionary<string, string> TextBySample { get; } = Samples.ToDictionary(sample => sample.Sample, sample => sample.Text);

    /// <summary>Reads <c>synthesis.jsonl</c> and <c>reviews.jsonl</c> of run folders. A person's decision goes before the rule's.</summary>
    /// <remarks>
    /// "accept" takes a rejected sample's last attempt. A text whose format does not hold or whose answer cannot be read is never taken, because nothing could be
    /// learnt from it but a broken format; that decision becomes a problem. Whether the units of an edit fit the labels is left to the person: labels err too.
    /// </remarks>
    /// <exception cref="Data.DataFormatException">A line cannot be read; the message names it.</exception>
    public static SynthesisedSet Read(params IReadOnlyList<string> folders)
    {
        List<string> problems = [];
        var (taken, order, rejected) = (new Dictionary<string, SynthesisedSample>(), new List<string>(), 0);
        foreach (var folder in folders)
        {
            var reviews = SynthesisReview.InForce(SynthesisReview.ReadAll(folder));
            var groups = SynthesisAttempt.ReadAll(folder).GroupBy(attempt => (attempt.Sample, attempt.Round)).ToArray();
            foreach (var group in groups)
            {
                var last = group.MaxBy(attempt => attempt.Attempt)!;
                var review = reviews.GetValueOrDefault(group.Key);
                if (review is { Decision: ReviewDecision.Reject } && last.Accepted) rejected++;
                if (Decide(last, review, problems) is not { } sample) continue;
                if (!taken.TryGetValue(sample.Sample, out var earlier)) order.Add(sample.Sample);
                else if (earlier.Round > sample.Round) continue;
                taken[sample.Sample] = sample;
            }

            var known = groups.Select(group => group.Key).ToHashSet();
            problems.AddRange(reviews.Keys.Where(key => !known.Contains(key)).Select(key => $"{key.Sample}, round {key.Round}: reviewed, but no attempt of it is in {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}."));
        }

        return new SynthesisedSet([.. order.Select(id => taken[id])], rejected, problems);
    }

    private static SynthesisedSample? Decide(SynthesisAttempt last, SynthesisReview? review, List<string> problems)
    {
        var (text, origin) = review?.Decision switch
        {
            ReviewDecision.Reject => (null, SynthesisOrigin.Reviewed),
            ReviewDecision.Edit => (review.Text, SynthesisOrigin.Edited),
            ReviewDecision.Accept => (last.Text, SynthesisOrigin.Reviewed),
            _ => (last.Accepted ? last.Text : null, SynthesisOrigin.Rule),
        };
        if (text is null) return null;
        if (ReasoningParser.Parse(text) is not { FormatOk: true, Emotion: not null })
        {
            problems.Add($"{last.Sample}, round {last.Round}: the {(origin == SynthesisOrigin.Edited ? "edited" : "accepted")} text is not one think block and one answer block with a known emotion, so it is left out. Edit it again.");
            return null;
        }

        return new SynthesisedSample(last.Sample, last.Image, last.Labels, text, origin, last.Round, last.Attempt, last.Source);
    }
}
