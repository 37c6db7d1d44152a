using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Reasoning;

/// <summary>What a response says, with the place of every statement in its text. All spans lie inside <see cref="Text"/>.</summary>
public sealed record ReasoningTrace
{
    /// <summary>The response as written.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// The whole text is one think block, white space, one answer block: nothing before, after or nested, both with content, tags in lower case.
    /// </summary>
    public required bool FormatOk { get; init; }

    /// <summary>Inside the first think block; up to the end of the text (or the answer) while it is open; null without a think tag.</summary>
    public required TextSpan? Think { get; init; }

    /// <summary>
    /// Where claims count: the think block, or everything up to the answer where there is none. Empty while a text without any tag is still being written,
    /// because a think block may yet come.
    /// </summary>
    public required TextSpan ClaimArea { get; init; }

    /// <summary>Whether the text is finished; false for what <see cref="ReasoningParser.ParsePrefix"/> read.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Whether the think block has ended.</summary>
    public required bool IsThinkClosed { get; init; }

    /// <summary>Inside the first answer block, white space trimmed; null without an answer tag.</summary>
    public required TextSpan? Answer { get; init; }

    /// <summary>Whether the answer block has ended. An open answer has no <see cref="Emotion"/>.</summary>
    public required bool IsAnswerClosed { get; init; }

    /// <summary>The answered label after normalisation; null when there is no closed answer or it is outside the list.</summary>
    public required Emotion? Emotion { get; init; }

    /// <summary>Every action unit named by number, in reading order, repeats included.</summary>
    public required IReadOnlyList<ActionUnitMention> Mentions { get; init; }

    /// <summary>Those inside the think block; none where there is no such block.</summary>
    public IEnumerable<ActionUnitMention> ThinkMentions => Think is { } think ? Mentions.Where(mention => mention.Span.Start >= think.Start && mention.Span.End <= think.End) : [];

    /// <summary>The distinct known units of <see cref="Mentions"/>, ascending.</summary>
    public required IReadOnlyList<int> ActionUnits { get; init; }

    /// <summary>The words of the answer as written; null without an answer tag.</summary>
    public string? AnswerText => Answer is { } span ? span.Of(Text).ToString() : null;

    /// <summary>A number was claimed that no known unit has.</summary>
    public bool HasUnknownActionUnit => Mentions.Any(mention => !mention.IsKnown);

    /// <summary>An answer was given, but it is none of the labels or their synonyms.</summary>
    public bool IsAnswerOutsideList => IsAnswerClosed && Answer is { Length: > 0 } && Emotion is null;
}
