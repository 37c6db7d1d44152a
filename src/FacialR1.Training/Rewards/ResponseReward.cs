using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Rewards;

/// <summary>The rewards of one response (paper section 3.2: R = R_format + R_acc + R_AU), judged by the one parser and the one scorer.</summary>
/// <param name="Parts">By name: format, accuracy, au, length, consistency, alignment. A function whose label is missing, or that is switched off, is absent.</param>
/// <param name="Total">Weighted sum of the parts.</param>
public sealed record ResponseReward(IReadOnlyDictionary<string, double> Parts, double Total)
{
    /// <summary>Names of all functions, in the order of the logs.</summary>
    public static IReadOnlyList<string> Names { get; } = ["format", "accuracy", "au", "length", "consistency", "alignment"];

    /// <param name="response">The parsed response.</param>
    /// <param name="tokens">Its length in tokens.</param>
    /// <param name="vocabulary">AUs that the labels cover; a claim outside is not counted. Null: all.</param>
    public static ResponseReward Of(ReasoningTrace response, ResponseLabels labels, int tokens, RewardOptions options, IReadOnlyCollection<int>? vocabulary = null)
    {
        var score = ResponseScorer.Score(ThinkOnly(response), labels, vocabulary);
        var parts = new Dictionary<string, double>();
        var total = 0.0;
        Count("format", options.Format, score.FormatReward);
        Count("accuracy", options.Accuracy, score.EmotionCorrect is { } correct ? correct ? 1 : 0 : null);
        Count("au", options.ActionUnits, ActionUnits(score, labels, options));
        Count("length", options.Length, Math.Clamp(2 - (double)tokens / options.LengthLimit, 0, 1));
        if (options.Consistency != 0 || options.Alignment != 0)
        {
            var claims = ClaimReader.Read(response);
            Count("consistency", options.Consistency, claims.Flags.Any(flag => flag is ReasoningFault.StatedDiffersFromAnswer or ReasoningFault.SelfContradiction) ? 0 : 1);
            Count("alignment", options.Alignment, Alignment(claims));
        }

        return new ResponseReward(parts, total);

        void Count(string name, double weight, double? value)
        {
            if (weight == 0 || value is not { } known) return;
            parts[name] = known;
            total += weight * known;
        }
    }

    private static double? ActionUnits(ResponseScore score, ResponseLabels labels, RewardOptions options)
    {
        if (score.ActionUnitF1 is not { } f1 || !options.UsesReferenceScale) return score.ActionUnitF1;
        return labels.ActionUnits!.Count == 0 ? 0 : 2 * f1 - 1;
    }

    /// <summary>AUs count where the reasoning is: a list smuggled in after the think block earns nothing.</summary>
    private static ReasoningTrace ThinkOnly(ReasoningTrace response)
    {
        ActionUnitMention[] mentions = [.. response.ThinkMentions];
        return response with { Mentions = mentions, ActionUnits = [.. mentions.Where(mention => mention.IsKnown).Select(mention => mention.Number).Distinct().Order()] };
    }

    /// <summary>Share of the answer among all emotions, given the units that are asserted; 0 where there is no answer, or nothing that speaks for one.</summary>
    private static double Alignment(ReasoningClaims claims) =>
        EmotionAlignment.Of(claims.AssertedActionUnits, claims.Trace.Emotion, AlignmentTables.Shipped.Weights, AlignmentTables.Shipped.Prototypes).Alignment ?? 0;
}
