using System.Text.Json;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Analysis.Scoring;

/// <summary>
/// The result of one evaluation with 95% intervals: Wilson for rates over samples, percentile bootstrap for F1 and pooled ratios; where subjects have several
/// samples, the bootstrap draws subjects and serves the rates too. What is not defined is null, never 0 and never NaN. Answers that cannot be read are wrong and claim nothing; they are not dropped.
/// </summary>
public sealed record EvaluationReport
{
    private static readonly JsonSerializerOptions Compact = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>Samples evaluated.</summary>
    public required int N { get; init; }

    /// <summary>Samples with an emotion label.</summary>
    public required int EmotionLabelled { get; init; }

    /// <summary>Samples with action unit labels.</summary>
    public required int AuLabelled { get; init; }

    /// <summary>Share of right answers; null without emotion labels.</summary>
    public required Estimate? EmotionAccuracy { get; init; }

    /// <summary>Mean F1 over action units; null without unit labels.</summary>
    public required Estimate? AuMacroF1 { get; init; }

    /// <summary>F1 of the pooled unit counts.</summary>
    public required Estimate? AuMicroF1 { get; init; }

    /// <summary>Mean F1 over emotions; null without emotion labels.</summary>
    public required Estimate? EmotionMacroF1 { get; init; }

    /// <summary>Mean recall over the emotions that occur.</summary>
    public required Estimate? EmotionBalancedAccuracy { get; init; }

    /// <summary>Share of responses that keep the grammar.</summary>
    public required Estimate? FormatRate { get; init; }

    /// <summary>Share of responses whose emotion could not be read.</summary>
    public required Estimate? UnparsedRate { get; init; }

    /// <summary>CHAIR_i, hallucinated / verifiable mentions; read it beside <see cref="Coverage"/>.</summary>
    public required Estimate? Hallucination { get; init; }

    /// <summary>Correctly claimed / true units.</summary>
    public required Estimate? Coverage { get; init; }

    /// <summary>By code, "AU12"; null without unit labels.</summary>
    public required IReadOnlyDictionary<string, ActionUnitEstimate>? PerAu { get; init; }

    /// <summary>Truth against answer; null without emotion labels.</summary>
    public required ConfusionMatrix? Confusion { get; init; }

    /// <summary>By emotion in canonical order; an emotion that no sample has is null. Null without emotion labels.</summary>
    public required IReadOnlyList<Estimate?>? EmotionRecall { get; init; }

    /// <summary>Subjects that were resampled together; null when samples were taken as independent.</summary>
    public required int? Subjects { get; init; }

    /// <summary>The units that could be checked.</summary>
    public required IReadOnlyList<int> Vocabulary { get; init; }

    /// <summary>Resamples behind the bootstrap intervals.</summary>
    public required int Resamples { get; init; }

    /// <summary>Seed of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How responses were read.</summary>
    public string ParserVersion { get; init; } = ReasoningParser.Version;

    /// <summary>How emotion words were read.</summary>
    public string SynonymsVersion { get; init; } = Emotions.SynonymsVersion;

    /// <summary>Measures an evaluation.</summary>
    /// <param name="rows">One per sample.</param>
    /// <param name="vocabulary">The units annotated in this data, distinct.</param>
    /// <param name="seed">Of the bootstrap; the same rows and seed give the same report.</param>
    /// <param name="resamples">10,000 take about a second for 2,000 samples.</param>
    /// <param name="clusters">The subject of each row, as <see cref="SubjectClusters"/> numbers them; null when samples are independent.</param>
    public static EvaluationReport Of(
        IReadOnlyList<EvaluationRow> rows, IReadOnlyList<int> vocabulary, ulong seed = 0, int resamples = Bootstrap.DefaultResamples, IReadOnlyList<int>? clusters = null)
    {
        var units = ActionUnitScores.Of(rows, vocabulary);
        var emotions = EmotionScores.Of(rows);
        var hallucination = HallucinationScores.Of(rows, vocabulary);
        var counts = new EvaluationCounts(vocabulary);
        var intervals = counts.Intervals(rows, clusters, new Pcg32(seed, stream: 0x4556414c), resamples);
        var formatted = rows.Count(row => row.FormatOk);
        var unparsed = rows.Count(row => row.Emotion is null);

        // Wilson's interval takes samples as independent, which those of one subject are not.
        Estimate? Rate(int part, int whole, int measure) => whole == 0 ? null : Estimate.Of((double)part / whole, clusters is null ? Wilson.Interval(part, whole) : intervals[measure]);

        return new EvaluationReport
        {
            N = rows.Count,
            EmotionLabelled = emotions.Samples,
            AuLabelled = units.Samples,
            EmotionAccuracy = Rate(emotions.Correct, emotions.Samples, EvaluationCounts.EmotionAccuracy),
            AuMacroF1 = Estimate.Of(units.MacroF1, intervals[EvaluationCounts.AuMacroF1]),
            AuMicroF1 = Estimate.Of(units.MicroF1, intervals[EvaluationCounts.AuMicroF1]),
            EmotionMacroF1 = Estimate.Of(emotions.MacroF1, intervals[EvaluationCounts.EmotionMacroF1]),
            EmotionBalancedAccuracy = Estimate.Of(emotions.BalancedAccuracy, intervals[EvaluationCounts.EmotionBalancedAccuracy]),
            FormatRate = Rate(formatted, rows.Count, EvaluationCounts.FormatRate),
            UnparsedRate = Rate(unparsed, rows.Count, EvaluationCounts.UnparsedRate),
            Hallucination = Estimate.Of(hallucination.MentionRate, intervals[EvaluationCounts.Hallucination]),
            Coverage = Estimate.Of(hallucination.Coverage, intervals[EvaluationCounts.Coverage]),
            PerAu = units.Samples == 0 ? null : units.PerUnit.Index().ToDictionary(
                unit => ActionUnit.CodeOf(unit.Item.Number),
                unit =>
                {
                    var interval = unit.Item.F1 is null ? null : intervals[EvaluationCounts.FirstUnit + unit.Index];
                    return new ActionUnitEstimate(unit.Item.F1, interval?.Low, interval?.High, unit.Item.Support, unit.Item.Predicted);
                }),
            Confusion = emotions.Samples == 0 ? null : emotions.Confusion,
            EmotionRecall = emotions.Samples == 0 ? null : [.. emotions.PerEmotion.Select(emotion => Rate(emotion.Correct, emotion.Support, counts.FirstRecall + (int)emotion.Emotion))],
            Subjects = clusters?.Max() + 1,
            Vocabulary = vocabulary,
            Resamples = resamples,
            Seed = seed,
        };
    }

    /// <summary>One JSON object with camel-case names: what <c>evaluate --json</c> prints.</summary>
    public string ToJson(bool indented = false) => JsonSerializer.Serialize(this, indented ? Indented : Compact);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no report.</exception>
    public static EvaluationReport FromJson(string json) => JsonSerializer.Deserialize<EvaluationReport>(json, Compact) ?? throw new JsonException("The report is empty.");
}
