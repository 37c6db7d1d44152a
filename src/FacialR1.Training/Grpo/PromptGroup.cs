using FacialR1.Analysis.Reasoning;
using FacialR1.Training.Data;
using FacialR1.Training.Rewards;

namespace FacialR1.Training.Grpo;

/// <summary>One sampled answer with what it earned.</summary>
/// <param name="Ids">Tokens, the stop token included.</param>
/// <param name="LogProbabilities">ln π of each token, as the sampler saw it.</param>
/// <param name="IsTruncated">Ended by the limit, not by itself.</param>
/// <param name="Advantage">Relative to its group.</param>
public sealed record Completion(
    IReadOnlyList<int> Ids, IReadOnlyList<double> LogProbabilities, ReasoningTrace Trace, bool IsTruncated, ResponseReward Reward, double Advantage)
{
    /// <summary>What single tokens earn beside <see cref="Advantage"/>; empty unless <see cref="GrpoOptions.UnitCredit"/> asks for it.</summary>
    public IReadOnlyList<TokenCredit> Credits { get; init; } = [];
}

/// <summary>A photo and the G answers sampled for it.</summary>
/// <param name="View">Its place in the batch of pictures.</param>
public sealed record PromptGroup(FaceSample Sample, int View, IReadOnlyList<Completion> Completions)
{
    /// <summary>All completions earned the same.</summary>
    public bool IsFlat { get; } = GroupAdvantage.IsFlat([.. Completions.Select(completion => completion.Reward.Total)]);
}
