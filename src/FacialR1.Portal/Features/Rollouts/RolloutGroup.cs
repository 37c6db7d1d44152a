using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Features.Rollouts;

/// <summary>One line of <c>rollouts.jsonl</c>: a prompt with the G completions sampled for it.</summary>
/// <param name="Sample">Id of the sample in its data set.</param>
/// <param name="Image">Name of its photo inside the archive of the split.</param>
/// <param name="Emotion">The label; null where there is none.</param>
/// <param name="ActionUnits">Codes of the label; null where there is none.</param>
public sealed record RolloutGroup(string? Phase, long Step, string Sample, string? Image, string? Emotion, IReadOnlyList<string>? ActionUnits, IReadOnlyList<RolloutCompletion>? Completions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Numbers of the labelled units; null without labels.</summary>
    public IReadOnlyList<int>? LabelledUnits => ActionUnits is null ? null : Units(ActionUnits);

    /// <summary>Mean total reward and its sample standard deviation over the group; null without completions.</summary>
    public (double Mean, double Deviation)? Reward
    {
        get
        {
            if (Completions is not { Count: > 0 } completions) return null;
            var mean = completions.Average(completion => completion.Reward);
            var squares = completions.Sum(completion => (completion.Reward - mean) * (completion.Reward - mean));
            return (mean, completions.Count > 1 ? Math.Sqrt(squares / (completions.Count - 1)) : 0);
        }
    }

    /// <summary>All completions got the same reward: as a whole they teach nothing.</summary>
    public bool HasNoVariance => Completions is { Count: > 1 } completions && completions.All(completion => completion.Reward == completions[0].Reward);

    /// <summary>Units were judged one by one, beside the reward.</summary>
    public bool IsCredited => Completions?.Any(completion => completion.UnitCredit is { Count: > 0 }) == true;

    /// <summary>Null when the line is not a group.</summary>
    public static RolloutGroup? TryParse(ReadOnlySpan<byte> line)
    {
        try { return JsonSerializer.Deserialize<RolloutGroup>(line, Json) is { Sample: not null } group ? group : null; }
        catch (JsonException) { return null; }
    }

    /// <summary>Numbers of codes such as "AU12", ascending; what is no code is left out.</summary>
    internal static IReadOnlyList<int> Units(IEnumerable<string> codes) =>
        [.. codes.Select(code => Analysis.Facs.ActionUnit.NumberOf(code, StringComparison.OrdinalIgnoreCase)).OfType<int>().Where(Analysis.Facs.ActionUnits.IsKnown).Distinct().Order()];
}

/// <summary>One sampled completion.</summary>
/// <param name="Truncated">Cut at the token limit.</param>
/// <param name="Rewards">Parts by name, before weighing.</param>
/// <param name="Reward">The weighted sum.</param>
/// <param name="Advantage">(reward − group mean) / (group deviation + 1e-4).</param>
/// <param name="ActionUnits">Codes that the think block names.</param>
public sealed record RolloutCompletion(
    string Text, int Tokens, bool Truncated, IReadOnlyDictionary<string, double?>? Rewards, double Reward, double Advantage, IReadOnlyList<string>? ActionUnits, string? Answer)
{
    /// <summary>Whether the answer is the label, read as the reward reads both; null without a label.</summary>
    public bool? IsRight(string? label) => Emotions.TryParse(label ?? "", out var labelled) ? Emotions.TryParse(Answer ?? "", out var answered) && answered == labelled : null;

    /// <summary>What naming a unit earned beside the advantage, by code, and under <see cref="FacialR1.Training.Grpo.RolloutLog.EndOfUnits"/> naming no more; null where completions were judged as a whole only.</summary>
    public IReadOnlyDictionary<string, double?>? UnitCredit { get; init; }

    /// <summary>Numbers of the claimed units.</summary>
    public IReadOnlyList<int> ClaimedUnits => RolloutGroup.Units(ActionUnits ?? []);
}
