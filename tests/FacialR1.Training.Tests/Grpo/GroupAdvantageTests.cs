using FacialR1.Training.Grpo;

namespace FacialR1.Training.Tests.Grpo;

public sealed class GroupAdvantageTests
{
    [Fact]
    public void Advantages_are_distances_from_the_group_mean_in_sample_deviations()
    {
        var advantages = GroupAdvantage.Of([3, 1, 1, 3]);
        Assert.Equal(1.1547005, GroupAdvantage.Deviation([3, 1, 1, 3]), 1e-7);
        Assert.Equal([0.8659504, -0.8659504, -0.8659504, 0.8659504], advantages.Select(value => Math.Round(value, 7)));
    }

    [Fact]
    public void Unscaled_advantages_are_plain_distances() => Assert.Equal([1.0, -1, -1, 1], GroupAdvantage.Of([3, 1, 1, 3], isScaled: false));

    [Fact]
    public void Equal_rewards_are_flat_and_give_no_advantage()
    {
        Assert.True(GroupAdvantage.IsFlat([2, 2, 2]));
        Assert.False(GroupAdvantage.IsFlat([2, 2, 1.9]));
        Assert.Equal([0.0, 0, 0], GroupAdvantage.Of([2, 2, 2]));
    }

    [Fact]
    public void One_completion_is_no_group() => Assert.Throws<ArgumentException>(() => GroupAdvantage.Of([1]));
}
