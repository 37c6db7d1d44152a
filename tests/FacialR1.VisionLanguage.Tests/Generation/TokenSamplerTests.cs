using CsCheck;
using FacialR1.Analysis;
using FacialR1.VisionLanguage.Generation;

namespace FacialR1.VisionLanguage.Tests.Generation;

public sealed class TokenSamplerTests
{
    private static readonly float[] Logits = [2, 1, 0, -1, -2, 1.5f];
    private static readonly GenerationTokens Plain = new([], 0, []);

    [Fact]
    public void Greedy_takes_the_highest_and_of_equals_the_lowest_id()
    {
        Assert.Equal(0, Choose(new DecodingOptions(), Logits).Id);
        Assert.Equal(1, Choose(new DecodingOptions(), [0, 3, 3]).Id);
    }

    [Fact]
    public void Sampled_shares_follow_the_softmax_at_the_temperature()
    {
        const int draws = 20_000;
        foreach (var temperature in (double[])[0.5, 1, 2])
        {
            var sampler = new TokenSampler(new DecodingOptions(Temperature: temperature, Seed: 7), Plain, []);
            var counts = new int[Logits.Length];
            for (var draw = 0; draw < draws; draw++) counts[Choose(sampler, Logits).Id]++;

            var weights = Logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
            for (var id = 0; id < counts.Length; id++)
            {
                var share = weights[id] / weights.Sum();
                Assert.InRange((double)counts[id] / draws, share - 4 * Math.Sqrt(share / draws), share + 4 * Math.Sqrt(share / draws));
            }
        }
    }

    [Fact]
    public void Top_k_and_top_p_leave_exactly_the_tokens_a_sorted_list_leaves() =>
        Gen.Select(Gen.Int[-30, 30].Select(logit => logit / 10f).Array[1, 40], Gen.Int[0, 45], Gen.OneOf(Gen.Const(1.0), Gen.Double[0.01, 1]), Gen.Double[0.2, 3]).Sample((logits, topK, topP, temperature) =>
        {
            var allowed = AllowedBySorting(logits, topK, topP, temperature);
            for (var seed = 0; seed < 20; seed++)
                Assert.Contains(Choose(new DecodingOptions(temperature, topK, topP, Seed: seed), logits).Id, allowed);
            if (allowed.Count == 1) return;

            // Everything that is left can be drawn: ban all but one of it in turn.
            var rarest = allowed.Last();
            var others = new GenerationTokens([], 0, [.. allowed.Where(id => id != rarest)]);
            if (topK == 0 && topP == 1) Assert.Equal(rarest, Choose(new DecodingOptions(temperature), Without(logits, allowed, rarest), others).Id);
        });

    [Fact]
    public void A_temperature_near_zero_is_greedy_and_stays_finite() =>
        Assert.Equal(0, Choose(new DecodingOptions(Temperature: 1e-6, TopP: 0.001), Logits).Id);

    [Fact]
    public void The_repetition_penalty_makes_said_tokens_less_likely_whatever_their_sign()
    {
        var options = new DecodingOptions(RepetitionPenalty: 2);
        Assert.Equal(1, Choose(new TokenSampler(options, Plain, [0]), [2, 1.5f]).Id);      // 2 becomes 1
        Assert.Equal(1, Choose(new TokenSampler(options, Plain, [0]), [-1, -1.5f]).Id);    // −1 becomes −2
        var sampler = new TokenSampler(options, Plain, []);
        Assert.Equal([0, 1], new[] { Choose(sampler, [2, 1.5f]).Id, Choose(sampler, [2, 1.5f]).Id });   // its own words count too
    }

    [Fact]
    public void Stop_tokens_wait_for_the_minimum_and_nameless_ids_never_come()
    {
        var tokens = new GenerationTokens([0], 0, [5]);
        var sampler = new TokenSampler(new DecodingOptions(MinTokens: 2), tokens, []);
        Assert.Equal([1, 1, 0], Enumerable.Range(0, 3).Select(_ => Choose(sampler, [3, 2, 1, 0, 0, 9]).Id));
    }

    [Fact]
    public void The_log_probability_is_the_models_own_whatever_the_decoding()
    {
        var expected = 2 - NaiveGeneration.LogSum(Logits);
        Assert.Equal(expected, Choose(new DecodingOptions(), Logits).LogProbability, 1e-6);
        Assert.Equal(expected, Choose(new DecodingOptions(Temperature: 0.1, TopK: 1), Logits).LogProbability, 1e-6);
    }

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(1, -1, 1, 1)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(1, 0, 1.1, 1)]
    [InlineData(1, 0, 1, 0.5)]
    public void Options_outside_their_range_are_refused(double temperature, int topK, double topP, double penalty) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSampler(new DecodingOptions(temperature, topK, topP, penalty), Plain, []));

    [Fact]
    public void Numbers_that_are_not_finite_are_an_error_and_not_a_token() =>
        Assert.Throws<ArithmeticException>(() => Choose(new DecodingOptions(), [1, float.NaN]));

    private static List<int> AllowedBySorting(float[] logits, int topK, double topP, double temperature)
    {
        var ordered = logits.Index().OrderByDescending(entry => entry.Item).ThenBy(entry => entry.Index).ToList();
        if (topK > 0) ordered = [.. ordered.Take(topK)];
        var weights = ordered.Select(entry => (double)(float)Math.Exp((entry.Item - ordered[0].Item) / temperature)).ToList();
        if (topP == 1) return [.. ordered.Select(entry => entry.Index)];

        var (kept, sum) = (0, 0.0);
        while (sum < topP * weights.Sum() - 1e-9) sum += weights[kept++];
        return [.. ordered.Take(Math.Max(1, Math.Min(kept + 1, ordered.Count))).Select(entry => entry.Index)];   // one more for a tie of rounding
    }

    private static float[] Without(float[] logits, List<int> allowed, int kept) =>
        [.. logits.Select((logit, id) => id == kept || !allowed.Contains(id) ? logit : float.NegativeInfinity)];

    private static TokenChoice Choose(DecodingOptions options, float[] logits, GenerationTokens? tokens = null) => Choose(new TokenSampler(options, tokens ?? Plain, []), logits);

    private static TokenChoice Choose(TokenSampler sampler, float[] logits) => sampler.Choose(logits, NaiveGeneration.LogSum(logits), new float[logits.Length]);
}
