using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Results;

/// <summary>A run of reasoning text: plain words, or a statement about action units.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsMention">It names a unit, known or not.</param>
/// <param name="Numbers">The units it names; empty for plain words.</param>
/// <param name="Claims">The claims it is; empty for plain words and for a code whose sentence has not ended yet.</param>
public sealed record ReasoningPiece(string Text, bool IsMention, IReadOnlyList<int> Numbers, IReadOnlyList<CheckedClaim> Claims)
{
    /// <summary>The first unit it names that FACS has; null when there is none.</summary>
    public ActionUnit? Unit => Numbers.Select(number => ActionUnits.TryGet(number, out var unit) ? unit : null).FirstOrDefault(unit => unit is not null);

    /// <summary>The reasoning of a check in order, tags left out. Joined, the pieces are the text that claims are read from.</summary>
    public static IReadOnlyList<ReasoningPiece> Split(ReasoningCheck check)
    {
        var trace = check.Reading.Trace;
        // Nothing is read yet in a text without tags that is still being written, but its words are shown.
        var within = trace is { IsComplete: false, Think: null, Answer: null } ? new TextSpan(0, trace.Text.Length) : trace.ClaimArea;
        var settled = check.Claims.Select(claim => (claim.Claim.Span, Claim: (CheckedClaim?)claim, claim.Claim.ActionUnit));
        var codes = trace.Mentions.Where(mention => !check.Claims.Any(claim => claim.Claim.Span.Start <= mention.Start && claim.Claim.Span.End >= mention.Span.End))
            .Select(mention => (mention.Span, Claim: (CheckedClaim?)null, ActionUnit: mention.Number));

        var pieces = new List<ReasoningPiece>();
        var at = within.Start;
        var marks = settled.Concat(codes).Where(mark => mark.Span.Start >= within.Start && mark.Span.End <= within.End).OrderBy(mark => mark.Span.Start).ThenByDescending(mark => mark.Span.End).ToArray();
        for (var i = 0; i < marks.Length;)
        {
            // Statements that share words ("the brows are raised and drawn together") become one piece.
            var (start, end, first) = (marks[i].Span.Start, marks[i].Span.End, i);
            for (i++; i < marks.Length && marks[i].Span.Start < end; i++) end = Math.Max(end, marks[i].Span.End);
            var group = marks[first..i];
            Add(new ReasoningPiece(trace.Text[at..start], false, [], []));
            Add(new ReasoningPiece(trace.Text[start..end], true, [.. group.Select(mark => mark.ActionUnit).Distinct()], [.. group.Select(mark => mark.Claim).OfType<CheckedClaim>()]));
            at = end;
        }

        Add(new ReasoningPiece(trace.Text[at..within.End], false, [], []));
        return pieces;

        void Add(ReasoningPiece piece)
        {
            if (piece.Text.Length > 0) pieces.Add(piece);
        }
    }
}
