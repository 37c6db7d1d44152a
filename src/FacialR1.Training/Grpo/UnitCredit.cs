using System.Text;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Grpo;

/// <summary>A unit that a completion names for the first time, as a step of its reasoning.</summary>
/// <param name="Unit">Number of the AU.</param>
/// <param name="From">First token of the step, behind the unit named before.</param>
/// <param name="To">Behind the last token that names the unit.</param>
/// <param name="IsLabelled">The step's reward: 1 or 0.</param>
public readonly record struct NamedUnit(int Unit, int From, int To, bool IsLabelled);

/// <summary>What the tokens of one step earn beside the advantage of their completion.</summary>
public readonly record struct TokenCredit(int Unit, int From, int To, double Advantage)
{
    /// <summary>The unit was labelled.</summary>
    public bool IsRight => Advantage > 0;
}

/// <summary>Process supervision (DeepSeekMath, section 4.1.3) of the reasoning: every AU named in the think block is a step, right or wrong by itself.</summary>
/// <remarks>
/// The advantage of a whole completion blames right units for the wrong ones beside them. Two departures from the source: a step's advantage is for its own tokens and not
/// for those before it, since naming one unit is no progress towards the next; and its reward is held against a probability given for each unit instead of the group's mean,
/// because a mean of 0.6 teaches to name only what is surer than that, and rare units never (docs/experiments.md, 17). A repeated unit earns nothing, nor does one that the labels do not cover.
/// </remarks>
public static class UnitCredit
{
    /// <summary>The units a completion names, in reading order.</summary>
    /// <param name="ids">Tokens that the trace was read from; special ones are not in its text.</param>
    /// <param name="labels">AUs that are there.</param>
    /// <param name="vocabulary">AUs that the labels cover.</param>
    /// <returns>Nothing where the tokens do not spell the text byte for byte, as with a broken character.</returns>
    public static IReadOnlyList<NamedUnit> Steps(ReasoningTrace trace, IReadOnlyList<int> ids, Tokenizer tokenizer, IReadOnlyCollection<int> labels, IReadOnlyCollection<int> vocabulary)
    {
        var offsets = tokenizer.ByteOffsets(ids, skipSpecial: true);
        if (offsets[^1] != Encoding.UTF8.GetByteCount(trace.Text)) return [];
        List<NamedUnit> steps = [];
        HashSet<int> named = [];
        var from = 0;
        foreach (var mention in trace.ThinkMentions)
        {
            var end = Encoding.UTF8.GetByteCount(trace.Text.AsSpan(0, mention.Span.End));
            var to = from;
            while (to < ids.Count && offsets[to] < end) to++;
            if (to > from && named.Add(mention.Number) && vocabulary.Contains(mention.Number)) steps.Add(new NamedUnit(mention.Number, from, to, labels.Contains(mention.Number)));
            from = to;
        }

        return steps;
    }

    /// <summary>(r − τ) / √(τ(1 − τ)): on average nothing for a unit that is right with probability τ, more for a surer one, less than nothing for a less sure one.</summary>
    /// <param name="thresholds">τ of each unit, between 0 and 1: the probability from which on naming it pays.</param>
    public static IReadOnlyList<TokenCredit> Of(IEnumerable<NamedUnit> steps, IReadOnlyDictionary<int, double> thresholds) =>
        [.. steps.Select(step => new TokenCredit(step.Unit, step.From, step.To, ((step.IsLabelled ? 1 : 0) - thresholds[step.Unit]) / Math.Sqrt(thresholds[step.Unit] * (1 - thresholds[step.Unit]))))];

    /// <summary>Advantage of each token: that of its completion, and <paramref name="weight"/> times the credit of the step it belongs to.</summary>
    /// <returns>[completions, tokens of the longest], 0 behind the end.</returns>
    public static float[,] ByToken(IReadOnlyList<Completion> completions, double weight)
    {
        var advantages = new float[completions.Count, completions.Max(completion => completion.Ids.Count)];
        foreach (var (row, completion) in completions.Index())
        {
            for (var token = 0; token < completion.Ids.Count; token++) advantages[row, token] = (float)completion.Advantage;
            foreach (var credit in completion.Credits)
                for (var token = credit.From; token < credit.To; token++) advantages[row, token] += (float)(weight * credit.Advantage);
        }

        return advantages;
    }
}
