using FacialR1.Analysis;
using FacialR1.Analysis.Statistics;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Chooses the tokens of one answer. Has its own random numbers, so that neighbours in a batch change nothing.</summary>
/// <remarks>
/// In the order of the reference implementation: repetition penalty (Keskar et al. 2019, over prompt and answer), stop tokens held back below the minimum,
/// temperature, top-k, top-p (Holtzman et al. 2020). One random number per sampled token.
/// </remarks>
public sealed class TokenSampler
{
    private readonly DecodingOptions options;
    private readonly GenerationTokens tokens;
    private readonly HashSet<int> seen;
    private readonly Pcg32 random;
    private int chosen;

    /// <param name="promptIds">The tokens before the answer, which the repetition penalty counts as said.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public TokenSampler(DecodingOptions options, GenerationTokens tokens, IEnumerable<int> promptIds)
    {
        Check(options);
        (this.options, this.tokens) = (options, tokens);
        seen = options.RepetitionPenalty == 1 ? [] : [.. promptIds];
        random = new Pcg32(unchecked((ulong)options.Seed));
    }

    /// <summary>Refuses options that mean nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    public static void Check(DecodingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Temperature);
        ArgumentOutOfRangeException.ThrowIfNegative(options.TopK);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TopP);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.TopP, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RepetitionPenalty, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MinTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, 1);
    }

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary], left as they are.</param>
    /// <param name="logSum">log Σ exp(logits).</param>
    /// <param name="scratch">At least as long as the logits; overwritten.</param>
    /// <exception cref="ArithmeticException">The logits are not finite.</exception>
    public TokenChoice Choose(ReadOnlySpan<float> logits, double logSum, Span<float> scratch)
    {
        if (!double.IsFinite(logSum))
            throw new ArithmeticException("The model computed numbers that are not finite. Its weights are damaged, or their type is too narrow: load them as bfloat16 or float32.");
        var scores = scratch[..logits.Length];
        logits.CopyTo(scores);
        Penalize(scores);
        foreach (var id in tokens.NeverChosen) if (id < scores.Length) scores[id] = float.NegativeInfinity;
        if (chosen < options.MinTokens)
            foreach (var id in tokens.Stop) if (id < scores.Length) scores[id] = float.NegativeInfinity;

        var next = options.Temperature == 0 ? Likeliest(scores) : Sample(scores);
        chosen++;
        if (options.RepetitionPenalty != 1) seen.Add(next);
        return new TokenChoice(next, logits[next] - logSum);
    }

    private void Penalize(Span<float> scores)
    {
        var penalty = (float)options.RepetitionPenalty;
        foreach (var id in seen)
            if (id < scores.Length) scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
    }

    private static int Likeliest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var id = 1; id < scores.Length; id++)
            if (scores[id] > scores[best]) best = id;   // the lowest id of equals
        return best;
    }

    private int Sample(Span<float> scores)
    {
        if (options.TopK > 0 && options.TopK < scores.Length) KeepTop(scores, options.TopK);
        var total = ToWeights(scores, options.Temperature);
        if (options.TopP < 1) total = KeepNucleus(scores, options.TopP, total);

        // In the order of the ids, so that nearly equal scores cannot trade places from one machine to the next.
        var left = random.NextDouble() * total;
        var last = 0;
        for (var id = 0; id < scores.Length; id++)
        {
            if (scores[id] == 0) continue;
            last = id;
            left -= scores[id];
            if (left < 0) break;
        }
        return last;
    }

    /// <summary>All but the k highest scores become −∞; of equal scores the lower ids stay.</summary>
    private static void KeepTop(Span<float> scores, int count)
    {
        var highest = new PriorityQueue<int, float>(count);
        for (var id = 0; id < scores.Length; id++)
        {
            if (highest.Count < count) highest.Enqueue(id, scores[id]);
            else highest.EnqueueDequeue(id, scores[id]);
        }

        highest.TryPeek(out _, out var threshold);
        var atThreshold = count;
        foreach (var score in scores) if (score > threshold) atThreshold--;
        for (var id = 0; id < scores.Length; id++)
        {
            if (scores[id] > threshold || (scores[id] == threshold && atThreshold-- > 0)) continue;
            scores[id] = float.NegativeInfinity;
        }
    }

    /// <summary>exp(score / temperature), scaled so that the highest is 1. Returns the sum.</summary>
    private static double ToWeights(Span<float> scores, double temperature)
    {
        var highest = float.NegativeInfinity;
        foreach (var score in scores) highest = Math.Max(highest, score);
        double total = 0;
        for (var id = 0; id < scores.Length; id++)
        {
            // In double: a temperature near 0 would overflow the quotient of two floats.
            scores[id] = (float)Math.Exp((scores[id] - highest) / temperature);
            total += scores[id];
        }
        return total;
    }

    /// <summary>Keeps the fewest tokens that together have the wanted share, and returns their sum.</summary>
    private static double KeepNucleus(Span<float> weights, double share, double total)
    {
        // All weights below this together are less than what may be left out, so the nucleus is among the others: a few out of 150,000.
        var negligible = (1 - share) * total / weights.Length;
        var candidates = new List<(float Weight, int Id)>();
        for (var id = 0; id < weights.Length; id++)
            if (weights[id] > 0 && weights[id] >= negligible) candidates.Add((weights[id], id));
        candidates.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Id.CompareTo(b.Id));

        weights.Clear();
        double kept = 0;
        foreach (var (weight, id) in candidates)
        {
            weights[id] = weight;
            kept += weight;
            if (kept >= share * total) break;
        }
        return kept;
    }
}
