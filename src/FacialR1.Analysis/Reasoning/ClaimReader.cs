using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>
/// Finds what a text claims about a face: codes and descriptions of movements with polarity, side and intensity, the emotions it names and how it ties them
/// together. No text makes it throw; the time grows with the length of the text.
/// </summary>
/// <remarks>
/// It works on what <see cref="ReasoningParser"/> read and changes none of it: rewards and scores count codes, claims add the words around them. While a text
/// grows, only sentences that have ended are read, so what was reported stays.
/// </remarks>
public static class ClaimReader
{
    /// <summary>Characters between two mentions of the same unit that are still one statement ("pulled up into a smile").</summary>
    private const int SameStatement = 30;

    /// <summary>Reads a finished text.</summary>
    public static ReasoningClaims Read(string text) => Read(ReasoningParser.Parse(text));

    /// <summary>Reads a text that is still being written.</summary>
    public static ReasoningClaims ReadPrefix(string text) => Read(ReasoningParser.ParsePrefix(text));

    /// <summary>Reads what was parsed before, finished or not.</summary>
    public static ReasoningClaims Read(ReasoningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var isOpen = !trace.IsComplete && !trace.IsThinkClosed && trace.Answer is null;
        var sentences = Sentences.Split(trace.Text, trace.ClaimArea, isOpen);
        var claims = new List<ActionUnitClaim>();
        var emotions = new List<EmotionMention>();
        var links = new List<EmotionLink>();
        var claimed = new SortedSet<int>();
        var nextMention = 0;
        for (var index = 0; index < sentences.Count; index++)
        {
            var words = Word.Of(trace.Text, sentences[index], trace.Mentions, ref nextMention);
            var movements = MovementReader.Find(words);
            var first = claims.Count;
            claims.AddRange(ClaimsOf(trace, words, movements, index, first));
            var firstEmotion = emotions.Count;
            emotions.AddRange(EmotionWords.Find(words, index, movements));
            var here = claims.Skip(first).Where(claim => claim is { Polarity: ClaimPolarity.Asserted, IsKnown: true }).Select(claim => claim.ActionUnit).ToHashSet();
            if (emotions.Count > firstEmotion && EmotionWords.HasCue(words)) AddLinks(index, words, here, firstEmotion);
            claimed.UnionWith(here);
        }

        return new ReasoningClaims(trace, sentences, claims, emotions, links);

        void AddLinks(int sentence, List<Word> words, HashSet<int> here, int firstEmotion)
        {
            var refersBack = here.Count == 0;
            if (refersBack && (claimed.Count == 0 || !EmotionWords.RefersBack(words))) return;
            int[] units = refersBack ? [.. claimed] : [.. here.Order()];
            for (var emotion = firstEmotion; emotion < emotions.Count; emotion++)
                links.Add(new EmotionLink(sentence, emotion, units, emotions[emotion].Polarity, refersBack));
        }
    }

    private static List<ActionUnitClaim> ClaimsOf(ReasoningTrace trace, List<Word> words, List<DescribedMovement> movements, int sentence, int index)
    {
        var drafts = new List<Draft>();
        var used = new bool[movements.Count];
        var disagreeing = new Dictionary<int, DescribedMovement>();
        foreach (var group in CodeGroups(words))
        {
            var numbers = group.Select(at => trace.Mentions[words[at].Code].Number).ToArray();
            for (var i = 0; i < group.Count; i++)
            {
                var code = new TextSpan(words[group[i]].Start, words[group[i]].End - words[group[i]].Start);
                var described = Beside(words, movements, group, numbers[i]);
                if (described >= 0)
                {
                    used[described] = true;
                    var (from, to) = (Math.Min(movements[described].First, group[i]), Math.Max(movements[described].Last, group[i]));
                    drafts.Add(new Draft(from, to, numbers[i], Combined(words, movements[described], group[i]), code, movements[described]));
                }
                else
                {
                    drafts.Add(new Draft(group[i], group[i], numbers[i], Scope.Of(words, group[i], group[i]), code, null));
                }
            }

            // Words with a bracket right behind them that holds other units only: the code counts, the contradiction is told.
            var before = LastBefore(words, movements, group[0]);
            if (before >= 0 && !used[before] && !movements[before].Units.Intersect(numbers).Any())
            {
                used[before] = true;
                disagreeing[group[0]] = movements[before];
            }
        }

        for (var i = 0; i < movements.Count; i++)
        {
            if (used[i]) continue;
            var polarity = Scope.Of(words, movements[i].First, movements[i].Last);
            // "Not a Duchenne smile" denies what makes a smile one, and no smile.
            var units = polarity == ClaimPolarity.Negated && movements[i].Units is [6, 12] ? [6] : movements[i].Units;
            foreach (var unit in units) drafts.Add(new Draft(movements[i].First, movements[i].Last, unit, polarity, null, movements[i]));
        }

        var claims = new List<ActionUnitClaim>();
        foreach (var draft in drafts.OrderBy(draft => draft.First).ThenBy(draft => draft.Last).ThenBy(draft => draft.Code?.Start ?? 0).ThenBy(draft => draft.Unit))
        {
            var span = TextSpan.FromBounds(words[draft.First].Start, words[draft.Last].End);
            var claim = new ActionUnitClaim(
                index + claims.Count, sentence, span, draft.Unit, draft.Polarity,
                Modifiers.SideOf(words, draft.First, draft.Last),
                Modifiers.IntensityOf(trace.Text, words, draft.First, draft.Last, draft.Code),
                draft.Code,
                draft.Movement is { } movement ? TextSpan.FromBounds(words[movement.First].Start, words[movement.Last].End) : null,
                []);
            if (draft.Code is not null && draft.Movement is null && disagreeing.TryGetValue(draft.First, out var other))
                claim = claim with { Span = TextSpan.FromBounds(words[other.First].Start, span.End), Words = TextSpan.FromBounds(words[other.First].Start, words[other.Last].End), WordsMean = other.Units };
            var same = claims.FindLastIndex(earlier => earlier.ActionUnit == claim.ActionUnit && earlier.Polarity == claim.Polarity && claim.Span.Start - earlier.Span.End <= SameStatement
                && (earlier.Code is null || claim.Code is null));
            if (same >= 0) claims[same] = Joined(claims[same], claim);
            else claims.Add(claim);
        }

        return claims;
    }

    private sealed record Draft(int First, int Last, int Unit, ClaimPolarity Polarity, TextSpan? Code, DescribedMovement? Movement);

    private static ActionUnitClaim Joined(ActionUnitClaim one, ActionUnitClaim other) => one with
    {
        Span = TextSpan.FromBounds(Math.Min(one.Span.Start, other.Span.Start), Math.Max(one.Span.End, other.Span.End)),
        Side = one.Side == FaceSide.Unstated ? other.Side : one.Side,
        Intensity = one.Intensity ?? other.Intensity,
        Code = one.Code ?? other.Code,
        Words = one.Words is { } first && other.Words is { } second
            ? TextSpan.FromBounds(Math.Min(first.Start, second.Start), Math.Max(first.End, second.End)) : one.Words ?? other.Words,
    };

    private static ClaimPolarity Combined(List<Word> words, DescribedMovement movement, int code)
    {
        var told = Scope.Of(words, movement.First, movement.Last);
        return told != ClaimPolarity.Asserted ? told : Scope.Of(words, code, code);
    }

    /// <summary>Codes that follow one another with nothing but joining signs between them.</summary>
    private static List<List<int>> CodeGroups(List<Word> words)
    {
        var groups = new List<List<int>>();
        for (var at = 0; at < words.Count; at++)
        {
            if (!words[at].IsCode) continue;
            var isNext = groups.Count > 0 && groups[^1][^1] is var last
                && Enumerable.Range(last + 1, at - last - 1).Take(4).All(i => words[i].Text is "," or "+" or "/" or "&" or "and") && at - last <= 4;
            if (isNext) groups[^1].Add(at);
            else groups.Add([at]);
        }

        return groups;
    }

    /// <summary>
    /// The description that this code belongs to: one with the same unit, before it in the same stretch ("the cheeks rise (AU6)") or as its explanation behind
    /// it ("AU6 (cheek raiser)").
    /// </summary>
    private static int Beside(List<Word> words, List<DescribedMovement> movements, List<int> group, int number)
    {
        var (best, nearest) = (-1, int.MaxValue);
        for (var i = 0; i < movements.Count; i++)
        {
            if (!movements[i].Units.Contains(number)) continue;
            var distance = movements[i].Last < group[0] ? group[0] - movements[i].Last : movements[i].First > group[^1] ? movements[i].First - group[^1] + 1 : 1;
            var limit = movements[i].Last < group[0] ? 9 : 5;
            if (distance <= limit && distance < nearest && !Parted(words, movements[i], group)) (best, nearest) = (i, distance);
        }

        return best;
    }

    private static bool Parted(List<Word> words, DescribedMovement movement, List<int> group)
    {
        var (from, to) = movement.Last < group[0] ? (movement.Last + 1, group[0] - 1) : (group[^1] + 1, movement.First - 1);
        for (var at = from; at <= to; at++)
            if (words[at].Text is ";" or "." or "but" or "while" or "whereas" || words[at].IsCode) return true;
        return false;
    }

    /// <summary>The description whose last word stands right before an opening bracket before the codes; −1 when there is none.</summary>
    private static int LastBefore(List<Word> words, List<DescribedMovement> movements, int code)
    {
        if (code < 2 || words[code - 1].Text is not ("(" or "[")) return -1;
        return movements.FindIndex(movement => movement.Last == code - 2);
    }
}
