using System.Text.RegularExpressions;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>When an answer that was written with its labels in view is good enough to learn from (stage 3 of the paper, with a stricter rule).</summary>
/// <remarks>
/// Accepted means: the format holds and nothing was cut off; the AU set and the emotion equal the labels, where there are labels; no unknown AU, no negated
/// one, no talk about labels, no conclusion that differs from the answer; length within bounds. Without AU labels the named units must support the answered
/// emotion (<see cref="PrototypeTable.Supports"/>), because otherwise nothing would check them. The published code checks the two sets only.
/// </remarks>
/// <param name="LeastWords">Words of reasoning, codes included.</param>
/// <param name="MostWords">Likewise.</param>
/// <param name="PrototypeSupport">For samples without AU labels, see <see cref="PrototypeTable.Supports"/>; null accepts any units.</param>
public sealed partial record AcceptanceRule(int LeastWords = 6, int MostWords = 120, double? PrototypeSupport = 0.5)
{
    /// <summary>Stored with every run; changes when the same text would be judged differently.</summary>
    public const string Version = "synthesis-acceptance/2";

    /// <summary>What units speak for which emotion, where there are no AU labels.</summary>
    public PrototypeTable Prototypes { get; init; } = AlignmentTables.Shipped.Prototypes;

    /// <summary>Everything that is wrong with an answer; empty when it is accepted. No text makes it throw.</summary>
    /// <param name="labels">What was shown; null parts are not checked.</param>
    /// <param name="isTruncated">The answer ended at the token limit.</param>
    /// <param name="others">Further answers to the same question. With any, the units must be those that more than half of all answers name.</param>
    public IReadOnlyList<Rejection> Check(string text, ResponseLabels labels, bool isTruncated = false, IReadOnlyList<string>? others = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(labels);
        var reading = ClaimReader.Read(text);
        var trace = reading.Trace;
        List<Rejection> faults = [];
        if (isTruncated) faults.Add(Rejection.Truncated);
        if (!trace.FormatOk) faults.Add(Rejection.Format);
        CheckLength(trace, faults);
        CheckUnits(trace, labels, faults);
        CheckEmotion(reading, labels, faults);
        faults.AddRange(DeniedUnits(reading).Select(Rejection.Negated));
        if (LabelTalk().Match(text) is { Success: true } talk) faults.Add(Rejection.LabelsMentioned(talk.Value));
        if (others is { Count: > 0 }) CheckMajority(trace, others, faults);
        return faults;
    }

    /// <summary>The same faults in the words a retry can be given.</summary>
    public static Reflection Reflect(IReadOnlyList<Rejection> faults) => new(
        Missing: [.. Units(faults, RejectionKind.MissingActionUnit)],
        Extra: [.. Units(faults, RejectionKind.ExtraActionUnit), .. Units(faults, RejectionKind.UnknownActionUnit).Where(unit => unit != int.MaxValue)],
        NotEmotion: faults.FirstOrDefault(fault => fault.Kind == RejectionKind.WrongEmotion)?.Emotion,
        IsFormatBroken: faults.Any(fault => fault.Kind is RejectionKind.Truncated or RejectionKind.Format or RejectionKind.UnreadableAnswer or RejectionKind.TooShort or RejectionKind.TooLong),
        IsWordingBad: faults.Any(fault => fault.Kind is RejectionKind.Contradiction or RejectionKind.LabelsMentioned or RejectionKind.NegatedActionUnit or RejectionKind.RepeatedText));

    private static IEnumerable<int> Units(IEnumerable<Rejection> faults, RejectionKind kind) => faults.Where(fault => fault.Kind == kind).Select(fault => fault.ActionUnit!.Value);

    private void CheckLength(ReasoningTrace trace, List<Rejection> faults)
    {
        if (trace.Think is not { } think) return;
        var words = trace.Text.AsSpan(think.Start, think.Length).ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (words < LeastWords) faults.Add(Rejection.TooShort(words, LeastWords));
        if (words > MostWords) faults.Add(Rejection.TooLong(words, MostWords));
    }

    private void CheckUnits(ReasoningTrace trace, ResponseLabels labels, List<Rejection> faults)
    {
        faults.AddRange(trace.Mentions.Where(mention => !mention.IsKnown).Select(mention => mention.Number).Distinct().Select(Rejection.Unknown));
        if (labels.ActionUnits is { } truth)
        {
            faults.AddRange(truth.Distinct().Except(trace.ActionUnits).Order().Select(Rejection.Missing));
            faults.AddRange(trace.ActionUnits.Except(truth).Select(Rejection.Extra));
        }
        else if (PrototypeSupport is { } threshold && trace.Emotion is { } emotion && !Prototypes.Supports(emotion, trace.ActionUnits, threshold))
        {
            faults.Add(Rejection.AgainstPrototype(trace.ActionUnits, emotion, Prototypes.Fits(trace.ActionUnits).GetValueOrDefault(emotion)?.F1 ?? 0, threshold));
        }
    }

    /// <summary>Units whose code stands in a denial, ascending: what is learnt as seen must not be written as absent.</summary>
    internal static IReadOnlyList<int> DeniedUnits(ReasoningClaims reading) =>
        [.. reading.Claims.Where(claim => claim is { Polarity: ClaimPolarity.Negated, Code: not null }).Select(claim => claim.ActionUnit).Distinct().Order()];

    private static void CheckEmotion(ReasoningClaims reading, ResponseLabels labels, List<Rejection> faults)
    {
        var trace = reading.Trace;
        if (trace.Emotion is not { } answered)
        {
            // A broken format has been named already; a missing answer is only news where the tags were right.
            if (trace.FormatOk || trace.IsAnswerOutsideList) faults.Add(Rejection.UnreadableAnswer(trace.AnswerText));
            return;
        }

        if (labels.Emotion is { } truth && truth != answered) faults.Add(Rejection.WrongEmotion(answered, truth));
        if (reading.StatedEmotion is { } concluded && concluded != answered) faults.Add(Rejection.Contradiction(concluded, answered));
    }

    private static void CheckMajority(ReasoningTrace trace, IReadOnlyList<string> others, List<Rejection> faults)
    {
        var votes = others.Select(other => ReasoningParser.Parse(other).ActionUnits).Append(trace.ActionUnits).ToArray();
        var majority = votes.SelectMany(units => units).CountBy(unit => unit).Where(count => count.Value * 2 > votes.Length).Select(count => count.Key);
        if (!majority.ToHashSet().SetEquals(trace.ActionUnits)) faults.Add(Rejection.NoMajority(trace.ActionUnits, votes.Length));
    }

    /// <summary>Words that only somebody writes who was shown the labels, or who talks about the task instead of the face.</summary>
    [GeneratedRegex(
        @"\b(?:ground[\s-]truth|labels?|labell?ed|annotat\w{1,10}|reflection|prompt(?:s|ed)?|hint(?:s|ed)?|instruct(?:ed|ions?)|" +
        @"(?:given|provided|required|requested|expected|specified|stated|correct|target|gold)\s+(?:AUs?\b|AU\s?\d|action\s+units?|emotions?|answers?)|" +
        @"as\s+(?:given|provided|required|requested|expected|specified|instructed|stated|told)|(?:must|should|need(?:s|ed)?\s+to|has|have|had)\s+(?:to\s+)?be\s+(?:identified|answered|named|mentioned)|" +
        @"(?:previous|last|earlier)\s+(?:answer|attempt|response)|(?:was|were|been|am|are)\s+(?:told|asked|instructed))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelTalk();
}
