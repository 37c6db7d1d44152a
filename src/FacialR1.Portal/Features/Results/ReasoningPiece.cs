using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Portal.Features.Results;

/// <summary>A run of reasoning text: plain words, or the mention of an action unit.</summary>
/// <param name="Unit">The unit it names; null for plain words and for numbers no unit has.</param>
/// <param name="IsMention">It names a unit, known or not.</param>
public sealed record ReasoningPiece(string Text, bool IsMention, ActionUnit? Unit)
{
    /// <summary>The reasoning of a trace in order, tags left out. Joined, the pieces are the text of the think block (or all of it where there is none).</summary>
    public static IReadOnlyList<ReasoningPiece> Split(ReasoningTrace trace)
    {
        var within = trace.Think ?? (trace.Answer is null ? new TextSpan(0, trace.Text.Length) : TextSpan.FromBounds(0, TagBefore(trace)));
        var pieces = new List<ReasoningPiece>();
        var at = within.Start;
        foreach (var mention in trace.Mentions.Where(mention => mention.Start >= within.Start && mention.Span.End <= within.End))
        {
            if (mention.Start < at) continue;
            Add(trace.Text[at..mention.Start], isMention: false, null);
            Add(mention.Span.Of(trace.Text).ToString(), isMention: true, ActionUnits.TryGet(mention.Number, out var unit) ? unit : null);
            at = mention.Span.End;
        }
        Add(trace.Text[at..within.End], isMention: false, null);
        return pieces;

        void Add(string text, bool isMention, ActionUnit? unit)
        {
            if (text.Length > 0) pieces.Add(new ReasoningPiece(text, isMention, unit));
        }
    }

    private static int TagBefore(ReasoningTrace trace) =>
        Math.Max(0, trace.Text.LastIndexOf("<answer>", trace.Answer!.Value.Start, StringComparison.OrdinalIgnoreCase));
}
