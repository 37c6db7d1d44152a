using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>Which answers of a pair a measure is asked about.</summary>
public enum MeasureSide
{
    /// <summary>All samples that count in the measure.</summary>
    Counted,

    /// <summary>Those for which it holds with the earlier model only.</summary>
    OnlyEarlier,

    /// <summary>Those for which it holds with the later model only.</summary>
    OnlyLater,
}

/// <summary>Which samples of a pair are shown: the samples behind a number. Everything that is given must hold.</summary>
public sealed record SampleFilter
{
    /// <summary>Shows everything.</summary>
    public static SampleFilter Everything { get; } = new();

    /// <summary>What happened to the answer; <see cref="SampleChange.None"/> for anything.</summary>
    public SampleChange Change { get; init; }

    /// <summary>A unit, with what happened to its claim.</summary>
    public (int Unit, UnitChange Change)? Unit { get; init; }

    /// <summary>Where the outcome came from.</summary>
    public AnswerOutcome? From { get; init; }

    /// <summary>Where it went.</summary>
    public AnswerOutcome? To { get; init; }

    /// <summary>Samples behind a measure.</summary>
    public (ComparisonMeasure Measure, MeasureSide Side)? Measure { get; init; }

    /// <summary>Words that the id, a text, the label or an answer must hold, in any case; null for anything.</summary>
    public string? Search { get; init; }

    /// <summary>Whether it leaves anything out.</summary>
    public bool IsEverything => this == Everything;

    /// <summary>The samples that hold, in the order given.</summary>
    public IReadOnlyList<ComparedSample> Of(IEnumerable<ComparedSample> samples, IReadOnlyCollection<int> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var words = (Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. samples.Where(sample => Holds(sample, words, vocabulary))];
    }

    private bool Holds(ComparedSample sample, string[] words, IReadOnlyCollection<int> vocabulary)
    {
        if (!sample.Change.HasFlag(Change)) return false;
        if (Unit is var (unit, change) && UnitChangeKinds.Of(sample.Earlier, sample.Later, unit) != change) return false;
        if (From is { } from && AnswerOutcomes.Of(sample.Earlier.Reading, vocabulary) != from) return false;
        if (To is { } to && AnswerOutcomes.Of(sample.Later.Reading, vocabulary) != to) return false;
        if (Measure is var (measure, side))
        {
            if (side == MeasureSide.Counted ? !measure.CountsIn(sample.Earlier) || !measure.CountsIn(sample.Later)
                : (measure.HoldsFor(sample.Earlier, vocabulary), measure.HoldsFor(sample.Later, vocabulary)) != (side == MeasureSide.OnlyEarlier, side == MeasureSide.OnlyLater)) return false;
        }
        return words.All(word => sample.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
            || (sample.Earlier.Reading.Labels.Emotion?.Name().Contains(word, StringComparison.OrdinalIgnoreCase) ?? false)
            || sample.Answers.Any(answer => answer.Text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
