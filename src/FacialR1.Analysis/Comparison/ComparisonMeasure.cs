using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>Which way of a measure is good.</summary>
public enum Direction
{
    HigherIsBetter,
    LowerIsBetter,

    /// <summary>Neither: it is shown because the others cannot be read without it.</summary>
    Descriptive,
}

/// <summary>One measure that models are compared by.</summary>
/// <param name="Id">Stable name for files and links.</param>
/// <param name="Name">What people read.</param>
/// <param name="Direction">Which way is good.</param>
/// <param name="IsShare">Whether it lies between 0 and 1 and differences are read in points.</param>
public sealed record ComparisonMeasure(string Id, string Name, Direction Direction, bool IsShare = true)
{
    /// <summary>Stored beside every comparison; changes when the same answers would give other numbers.</summary>
    public const string Version = "measures/1";

    /// <summary>Whether it holds for one answer, where it is a rate of such answers: then McNemar's exact test applies. Null for one that has no label.</summary>
    internal Func<ResultRow, IReadOnlyCollection<int>, bool?>? Flag { get; init; }

    /// <summary>How many of these answers it rests on.</summary>
    internal Func<ResultRow, bool> Covers { get; init; } = _ => true;

    /// <summary>What to say when it covers nothing.</summary>
    internal string WhyNot { get; init; } = "nothing to measure";

    /// <summary>Whether this answer counts in it.</summary>
    public bool CountsIn(ResultRow row) => Covers(row);

    /// <summary>Whether it holds for this answer; null for an answer without the label it needs, and for measures that are no rates of single answers.</summary>
    public bool? HoldsFor(ResultRow row, IReadOnlyCollection<int> vocabulary) => Flag?.Invoke(row, vocabulary);

    /// <summary>Position among the values of a resample.</summary>
    internal int Index { get; init; }

    /// <summary>All measures, in the order they are shown.</summary>
    public static IReadOnlyList<ComparisonMeasure> All { get; } = Build();

    private static ComparisonMeasure[] Build()
    {
        const string noEmotion = "no emotion labels", noUnits = "no action unit labels", noJoint = "no samples with both kinds of labels", noProbability = "no answer probabilities";
        static bool Emotion(ResultRow row) => row.Reading.Labels.Emotion is not null;
        static bool Units(ResultRow row) => row.Reading.Labels.ActionUnits is not null;
        static bool Joint(ResultRow row) => Emotion(row) && Units(row);
        static bool Confident(ResultRow row) => row is { Confidence: not null, IsRight: not null };
        const Direction up = Direction.HigherIsBetter, down = Direction.LowerIsBetter, plain = Direction.Descriptive;
        return
        [
            new("emotion-accuracy", "Emotion accuracy", up) { Index = ResultValues.Count + EvaluationCounts.EmotionAccuracy, Covers = Emotion, WhyNot = noEmotion, Flag = (row, _) => row.IsRight },
            new("emotion-macro-f1", "Emotion macro-F1", up) { Index = ResultValues.Count + EvaluationCounts.EmotionMacroF1, Covers = Emotion, WhyNot = noEmotion },
            new("emotion-balanced-accuracy", "Emotion balanced accuracy", up) { Index = ResultValues.Count + EvaluationCounts.EmotionBalancedAccuracy, Covers = Emotion, WhyNot = noEmotion },
            new("au-macro-f1", "AU macro-F1", up) { Index = ResultValues.Count + EvaluationCounts.AuMacroF1, Covers = Units, WhyNot = noUnits },
            new("au-micro-f1", "AU micro-F1", up) { Index = ResultValues.Count + EvaluationCounts.AuMicroF1, Covers = Units, WhyNot = noUnits },
            new("au-sample-f1", "AU F1 per sample", up) { Index = ResultValues.AuSampleF1, Covers = Units, WhyNot = noUnits },
            new("hallucination", "AU hallucination (CHAIR_i)", down) { Index = ResultValues.Count + EvaluationCounts.Hallucination, Covers = Units, WhyNot = noUnits },
            new("hallucinating-responses", "Responses that hallucinate (CHAIR_s)", down)
            {
                Index = ResultValues.Count + EvaluationCounts.HallucinatingResponses, Covers = Units, WhyNot = noUnits,
                Flag = (row, vocabulary) => Units(row) ? row.Reading.ClaimedWithin(vocabulary).Except(row.Reading.TrueWithin(vocabulary)).Any() : null,
            },
            new("coverage", "AU coverage", up) { Index = ResultValues.Count + EvaluationCounts.Coverage, Covers = Units, WhyNot = noUnits },
            new("right-reasons", "Right for the right reasons", up)
            {
                Index = ResultValues.Count + EvaluationCounts.RightReasons, Covers = Joint, WhyNot = noJoint,
                Flag = (row, vocabulary) => AnswerOutcomes.Of(row.Reading, vocabulary) is { } outcome ? outcome == AnswerOutcome.RightForTheRightReasons : null,
            },
            new("format-rate", "Format rate", up) { Index = ResultValues.Count + EvaluationCounts.FormatRate, Flag = (row, _) => row.Reading.FormatOk },
            new("brier", "Brier score of the answer", down) { Index = ResultValues.Brier, Covers = Confident, WhyNot = noProbability, IsShare = false },
            new("calibration-error", "Expected calibration error", down) { Index = ResultValues.CalibrationError, Covers = Confident, WhyNot = noProbability },
            new("rouge-l", "ROUGE-L of the reasoning", up)
                { Index = ResultValues.RougeL, Covers = row => row.Reference is not null, WhyNot = "no reference reasoning" },
            new("unparsed-rate", "Answers that cannot be read", plain) { Index = ResultValues.Count + EvaluationCounts.UnparsedRate },
            new("mean-mentions", "AU mentions per response", plain, IsShare: false) { Index = ResultValues.Count + EvaluationCounts.MeanMentions, Covers = Units, WhyNot = noUnits },
            new("mean-tokens", "Tokens per response", plain, IsShare: false) { Index = ResultValues.MeanTokens },
        ];
    }
}
