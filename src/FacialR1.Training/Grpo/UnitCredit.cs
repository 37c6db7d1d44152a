using System.Text;
using FacialR1.Analysis.Reasoning;
using FacialR1.Training.Reports;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Grpo;

/// <summary>A unit that a completion names for the first time, as a step of its reasoning.</summary>
/// <param name="Unit">Number of the AU.</param>
/// <param name="From">First token of the step, behind the unit named before.</param>
/// <param name="To">Behind the last token that names the unit.</param>
/// <param name="IsLabelled">The step's reward: 1 or 0.</param>
public readonly record struct NamedUnit(int Unit, int From, int To, bool IsLabelled);

/// <summary>The units a completion names, in reading order, and the tokens with which it goes on to its conclusion instead of naming another.</summary>
/// <param name="EndFrom">Behind the last named unit.</param>
/// <param name="EndTo">Behind the first word of the next sentence; as <paramref name="EndFrom"/> where the text breaks off before.</param>
public sealed record NamedUnits(IReadOnlyList<NamedUnit> Steps, int EndFrom, int EndTo)
{
    public static NamedUnits None { get; } = new([], 0, 0);

    public bool Names(int unit) => Steps.Any(step => step.Unit == unit);
}

/// <summary>What the tokens of one step earn beside the advantage of their completion.</summary>
/// <param name="Unit">The unit they name; null for the end of the naming.</param>
/// <param name="IsRight">The unit was labelled.</param>
public readonly record struct TokenCredit(int? Unit, int From, int To, double Advantage, bool IsRight);

/// <summary>Process supervision (DeepSeekMath, section 4.1.3) of the reasoning: every AU named in the think block is a step, right or wrong by itself.</summary>
/// <remarks>
/// The advantage of a whole completion blames right units for the wrong ones beside them. Two departures from the source: a step's advantage is for its own tokens and not
/// for those before it, since naming one unit is no progress towards the next; and its reward is held against a probability given for each unit instead of the group's mean,
/// because a mean of 0.6 teaches to name only what is surer than that, and rare units never (docs/experiments.md, 17). A repeated unit earns nothing, nor does one that the labels do not cover.
/// </remarks>
public static class UnitCredit
{
    private static readonly IReadOnlyList<int>[] ReportOrders = [ActionUnitWording.TopDown, ActionUnitWording.MouthFirst];

    /// <summary>The units a completion names, in reading order.</summary>
    /// <param name="ids">Tokens that the trace was read from; special ones are not in its text.</param>
    /// <param name="labels">AUs that are there.</param>
    /// <param name="vocabulary">AUs that the labels cover.</param>
    /// <returns>Nothing where the tokens do not spell the text byte for byte, as with a broken character.</returns>
    public static NamedUnits Read(ReasoningTrace trace, IReadOnlyList<int> ids, Tokenizer tokenizer, IReadOnlyCollection<int> labels, IReadOnlyCollection<int> vocabulary)
    {
        var offsets = tokenizer.ByteOffsets(ids, skipSpecial: true);
        if (offsets[^1] != Encoding.UTF8.GetByteCount(trace.Text)) return NamedUnits.None;
        List<NamedUnit> steps = [];
        HashSet<int> named = [];
        var (from, read) = (0, trace.Think?.Start ?? 0);
        foreach (var mention in trace.ThinkMentions)
        {
            var to = TokensUntil(mention.Span.End, from);
            read = mention.Span.End;
            if (to > from && named.Add(mention.Number) && vocabulary.Contains(mention.Number)) steps.Add(new NamedUnit(mention.Number, from, to, labels.Contains(mention.Number)));
            from = to;
        }

        return new NamedUnits(steps, from, trace.Think is { } think && NextSentence(trace.Text.AsSpan(0, think.End), read) is { } next ? TokensUntil(next, from) : from);

        int TokensUntil(int place, int first)
        {
            var end = Encoding.UTF8.GetByteCount(trace.Text.AsSpan(0, place));
            while (first < ids.Count && offsets[first] < end) first++;
            return first;
        }
    }

    /// <summary>What naming a unit is worth: (r − τ) / √(τ(1 − τ)). On average nothing for a unit that is right with probability τ, more for a surer one, less than nothing for a less sure one.</summary>
    /// <param name="threshold">τ, between 0 and 1: the probability from which on naming it pays.</param>
    public static double Worth(bool isLabelled, double threshold) => ((isLabelled ? 1 : 0) - threshold) / Math.Sqrt(threshold * (1 - threshold));

    /// <summary>Each step earns what its unit is worth.</summary>
    public static IReadOnlyList<TokenCredit> Of(NamedUnits named, IReadOnlyDictionary<int, double> thresholds) =>
        [.. named.Steps.Select(step => new TokenCredit(step.Unit, step.From, step.To, Worth(step.IsLabelled, thresholds[step.Unit]), step.IsLabelled))];

    /// <summary>Each step earns what its unit is worth, less what the siblings earned on average by the units that it decided about: the one it names and those it passed over.</summary>
    /// <remarks>
    /// Without this, passing over an unsure unit to a sure one earns more than naming both in turn, because the sure one then stands where the unsure one was to be decided. What siblings
    /// earned by the same units is what could be expected at this point; a unit that all of them name teaches nothing. Which units were passed over is known from the order in which reports go over the face;
    /// reports in no such order pass over nothing until their end. The end of the naming passes over all that is left.
    /// </remarks>
    /// <param name="group">All completions for one photo, at least two.</param>
    /// <param name="labels">AUs that are there.</param>
    /// <param name="thresholds">As in <see cref="Worth"/>, of all units that the labels cover.</param>
    public static IReadOnlyList<IReadOnlyList<TokenCredit>> AmongSiblings(IReadOnlyList<NamedUnits> group, IReadOnlyCollection<int> labels, IReadOnlyDictionary<int, double> thresholds)
    {
        var worth = thresholds.ToDictionary(unit => unit.Key, unit => Worth(labels.Contains(unit.Key), unit.Value));
        var naming = thresholds.Keys.ToDictionary(unit => unit, unit => group.Count(named => named.Names(unit)));
        return [.. group.Select(Credits)];

        IReadOnlyList<TokenCredit> Credits(NamedUnits named)
        {
            var units = named.Steps.Select(step => step.Unit).ToArray();
            var order = ReportOrders.FirstOrDefault(order => units.SequenceEqual(order.Where(units.Contains)));
            List<int> open = [.. (order ?? ActionUnitWording.TopDown).Where(thresholds.ContainsKey)];
            List<TokenCredit> credits = [];
            foreach (var step in named.Steps)
            {
                int[] decided = order is null ? [step.Unit] : [.. open.TakeWhile(unit => unit != step.Unit), step.Unit];
                open.RemoveAll(decided.Contains);
                credits.Add(new TokenCredit(step.Unit, step.From, step.To, worth[step.Unit] - decided.Sum(Expected), step.IsLabelled));
            }

            if (named.EndTo > named.EndFrom) credits.Add(new TokenCredit(null, named.EndFrom, named.EndTo, -open.Sum(Expected), false));
            return credits;

            double Expected(int unit) => worth[unit] * (naming[unit] - (named.Names(unit) ? 1 : 0)) / (group.Count - 1);
        }
    }

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

    /// <returns>Behind the first word of the sentence after the one that <paramref name="from"/> lies in; null where there is none.</returns>
    private static int? NextSentence(ReadOnlySpan<char> text, int from)
    {
        var stop = text[from..].IndexOf(". ");
        if (stop < 0) return null;
        var word = from + stop + 2;
        var length = text[word..].IndexOf(' ');
        return length < 0 ? text.Length : word + length;
    }
}
