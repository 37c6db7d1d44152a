using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>One series of a chart.</summary>
/// <param name="Name">As the run logs it.</param>
/// <param name="Label">What the legend says.</param>
/// <param name="Deviation">Name of the series with its standard deviation within a group; null without one.</param>
public sealed record PlannedSeries(string Name, string Label, string? Deviation = null);

/// <summary>One chart of the run page.</summary>
/// <param name="Key">Stable, for addresses and element ids.</param>
/// <param name="Explanation">What a reader should know to judge the curve.</param>
/// <param name="Series">At least one; the chart says "not logged" when the run has none of them.</param>
/// <param name="IsOptional">Left out, rather than shown as not logged, where the run has none of its series.</param>
public sealed record PlannedChart(string Key, string Title, string Explanation, IReadOnlyList<PlannedSeries> Series, bool IsOptional = false);

/// <summary>Which charts a run gets: the measures of training with verifiable rewards under the names of TRL, then whatever else is logged.</summary>
public static class SeriesPlan
{
    private static readonly PlannedChart[] Fixed =
    [
        new("loss", "Loss", "What the optimiser lowers. In GRPO it may rise while the reward does too.", [new("loss", "loss")]),
        new("reward", "Reward", "Weighted sum of the reward parts, mean over the completions of a step. The band is ± one standard deviation within prompt groups.",
            [new("reward", "reward", "reward_std")]),
        new("reward-parts", "Reward parts", "Format, emotion and consistency are 0 or 1 per completion, action units an F1, length and alignment between 0 and 1. Labels of action units are estimates. Bands: ± one standard deviation.",
            [
                new("rewards/format/mean", "format", "rewards/format/std"), new("rewards/accuracy/mean", "emotion accuracy", "rewards/accuracy/std"),
                new("rewards/au/mean", "action unit F1", "rewards/au/std"), new("rewards/length/mean", "length", "rewards/length/std"),
                new("rewards/consistency/mean", "consistency", "rewards/consistency/std"), new("rewards/alignment/mean", "alignment", "rewards/alignment/std"),
            ]),
        new("validation", "Validation scores", "Measured on the held-out validation split. Hallucination: the lower, the better; read it beside coverage.",
            [
                new("val_emotion_accuracy", "emotion accuracy"), new("val_au_macro_f1", "action unit macro F1"), new("val_hallucination", "hallucination"),
                new("val_coverage", "coverage"), new("val_format_rate", "format kept"),
            ]),
        new("kl", "KL to the reference", "Mean k3 estimate per token: how far the policy has moved from the checkpoint it started from.", [new("kl", "KL")]),
        new("clip", "Clipped share", "Share of tokens whose probability ratio met the bounds.", [new("clip_ratio", "clipped")]),
        new("entropy", "Entropy", "Mean entropy of the next-token distribution, in nats. A fall to 0 means that sampling no longer explores.", [new("entropy", "entropy")]),
        new("length", "Completion length", "Mean tokens per completion.", [new("completions/mean_length", "tokens")]),
        new("truncated", "Truncated completions", "Share of completions that were cut at the token limit.", [new("completions/clipped_ratio", "truncated")]),
        new("zero-variance", "Groups without variance", "Share of prompt groups whose completions all got the same reward. They teach nothing, unless units are judged one by one.", [new("frac_reward_zero_std", "share of groups")]),
        new("learning-rate", "Learning rate", "", [new("learning_rate", "learning rate")]),
        new("grad-norm", "Gradient norm", "Before clipping.", [new("grad_norm", "norm")]),
        new("sampler-gap", "Sampler and trainer", "Mean difference of the log-probabilities that sampler and trainer give the same tokens. Near 0 when they agree.",
            [new("sampler_trainer_gap", "gap")], IsOptional: true),
    ];

    /// <summary>The charts for a phase that logs <paramref name="logged"/>, the fixed ones first and always in the same order.</summary>
    public static IReadOnlyList<PlannedChart> For(IReadOnlyCollection<string> logged)
    {
        var known = Fixed.SelectMany(chart => chart.Series).SelectMany(series => new[] { series.Name, series.Deviation }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        // Per-unit numbers have a table of their own, and n is said beside the scores.
        var others = logged.Where(name => !known.Contains(name) && ActionUnitOf(name) is null && name is not "val_n").Order(StringComparer.Ordinal);
        return
        [
            .. Fixed.Where(chart => !chart.IsOptional || chart.Series.Any(series => logged.Contains(series.Name))),
            .. others.Select(name => new PlannedChart($"series-{Key(name)}", name, "", [new(name, name)])),
        ];
    }

    /// <summary>Whether a chart is one of those every run page has.</summary>
    public static bool IsFixed(PlannedChart chart) => Fixed.Contains(chart);

    /// <summary>"AU12" and "precision" for <c>au/precision/AU12</c>; null for any other series.</summary>
    public static (int Unit, string Measure)? ActionUnitOf(string series) =>
        series.Split('/') is ["au", var measure, var code] && KnownUnit(code) is { } unit ? (unit, measure) : null;

    /// <summary>Whether a chart shows one action unit's score, like <c>val_f1_AU12</c>: there are as many as units, so they are shown on request.</summary>
    public static bool IsOfOneUnit(PlannedChart chart) => !IsFixed(chart) && chart.Series[0].Name is var name && name.LastIndexOf('_') is > 0 and var at && KnownUnit(name[(at + 1)..]) is not null;

    private static int? KnownUnit(string code) => ActionUnit.NumberOf(code) is { } unit && ActionUnits.IsKnown(unit) ? unit : null;

    private static string Key(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}
