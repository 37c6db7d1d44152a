using FacialR1.Training.Data;
using FacialR1.Training.Rewards;

namespace FacialR1.Training.Grpo;

/// <summary>What is logged about a batch of rollouts, under TRL's names.</summary>
public static class RolloutMeasures
{
    /// <returns><c>reward</c>, <c>reward_std</c> (mean within groups), <c>rewards/*/mean|std</c>, <c>completions/*</c>, <c>frac_reward_zero_std</c>, <c>au/precision/*</c>, <c>au/recall/*</c>.
    /// A rate without cases is absent.</returns>
    public static Dictionary<string, double> Of(IReadOnlyList<PromptGroup> groups)
    {
        var completions = groups.SelectMany(group => group.Completions).ToArray();
        var measures = new Dictionary<string, double>
        {
            ["reward"] = completions.Average(completion => completion.Reward.Total),
            ["reward_std"] = groups.Average(group => GroupAdvantage.Deviation([.. group.Completions.Select(completion => completion.Reward.Total)])),
            ["frac_reward_zero_std"] = groups.Average(group => group.IsFlat ? 1.0 : 0),
            ["completions/mean_length"] = completions.Average(completion => completion.Ids.Count),
            ["completions/min_length"] = completions.Min(completion => completion.Ids.Count),
            ["completions/max_length"] = completions.Max(completion => completion.Ids.Count),
            ["completions/clipped_ratio"] = completions.Average(completion => completion.IsTruncated ? 1.0 : 0),
        };
        foreach (var name in ResponseReward.Names)
        {
            var known = groups.Select(group => group.Completions.Where(completion => completion.Reward.Parts.ContainsKey(name))
                .Select(completion => completion.Reward.Parts[name]).ToArray()).Where(values => values.Length > 1).ToArray();
            if (known.Length == 0) continue;
            measures[$"rewards/{name}/mean"] = known.SelectMany(values => values).Average();
            measures[$"rewards/{name}/std"] = known.Average(GroupAdvantage.Deviation);
        }

        foreach (var unit in FerAuFolder.ActionUnits)
        {
            var (claimed, present, both) = (0, 0, 0);
            foreach (var group in groups.Where(group => group.Sample.ActionUnits is not null))
            foreach (var completion in group.Completions)
            {
                var (says, isTrue) = (completion.Trace.ActionUnits.Contains(unit), group.Sample.ActionUnits!.Contains(unit));
                if (says) claimed++;
                if (isTrue) present++;
                if (says && isTrue) both++;
            }

            if (claimed > 0) measures[$"au/precision/AU{unit}"] = (double)both / claimed;
            if (present > 0) measures[$"au/recall/AU{unit}"] = (double)both / present;
        }

        return measures;
    }
}
