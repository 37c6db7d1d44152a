using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace FacialR1.Portal.Features.Results;

/// <summary>A checked text as one linked view: words, claims, answer and what the claims imply.</summary>
public sealed partial class LinkedReasoning : ComponentBase
{
    private readonly LinkedSelection own = new();

    /// <summary>Of the view this text is a part of; a text alone has its own.</summary>
    [CascadingParameter] public LinkedSelection? Shared { get; set; }
    [Inject] public required AlignmentTables Tables { get; init; }
    [Parameter, EditorRequired] public required ReasoningCheck Check { get; set; }

    /// <summary>Summing to 1; empty when there is no answer.</summary>
    [Parameter] public IReadOnlyDictionary<Emotion, double> Probabilities { get; set; } = new Dictionary<Emotion, double>();
    [Parameter] public bool IsFinished { get; set; } = true;

    /// <summary>More words of the reasoning will come.</summary>
    [Parameter] public bool IsWriting { get; set; }

    /// <summary>Claimed units in order of number, and codes of a sentence that has not ended yet.</summary>
    private IReadOnlyList<int> Units => [.. Check.Claims.Select(claim => claim.Claim.ActionUnit).Concat(Check.Reading.Trace.Mentions.Select(mention => mention.Number)).Distinct().Order()];

    private string VerdictSummary => Check.Evidence.IsEmpty
        ? "No labels or estimates of this face are known, so no claim can be verified."
        : FormattableString.Invariant($"{Check.HallucinatedMentions} of {Check.VerifiableMentions} verifiable mentions are not there; {Check.CoveredUnits} of {Check.PresentUnits} units present were found.")
            + (Check.Evidence.HasEstimates ? " Checked against estimates, not against labels." : " Checked against the labels given.");

    private LinkedSelection Selection => Shared ?? own;

    private void Toggle(int unit) => Selection.Toggle(unit);

    private void ToggleByKey(KeyboardEventArgs press, int unit)
    {
        if (press.Key is "Enter" or " ") Toggle(unit);
    }

    private string Pressed(IReadOnlyList<int> units) => Selection.Unit is { } unit && units.Contains(unit) ? "true" : "false";

    private ClaimPolarity Polarity(int unit)
    {
        var claims = Check.Claims.Where(claim => claim.Claim.ActionUnit == unit).Select(claim => claim.Claim.Polarity).ToArray();
        return claims.Length == 0 || claims.Contains(ClaimPolarity.Asserted) ? ClaimPolarity.Asserted : claims[0];
    }

    private Verdict VerdictOf(int unit) => (Check.Claims.FirstOrDefault(claim => claim.Claim.ActionUnit == unit && claim.Claim.Polarity == ClaimPolarity.Asserted)
        ?? Check.Claims.FirstOrDefault(claim => claim.Claim.ActionUnit == unit))?.Verdict ?? Verdict.Unverifiable;

    private static string PartOf(int unit) => ActionUnits.TryGet(unit, out var known) ? known.Region.Part().Class() : "part-unknown";

    private static string NameOf(int unit) => ActionUnits.TryGet(unit, out var known) ? known.Name : "no such unit";

    private static string Description(int unit) => ActionUnits.TryGet(unit, out var known) ? known.Description : "A number that no action unit has";

    private static string ClassOf(ReasoningPiece piece)
    {
        var classes = piece.Unit?.Region.Part().Class() ?? "part-unknown";
        if (piece.Claims.Count == 0) return classes;
        if (piece.Claims.All(claim => claim.Claim.Polarity != ClaimPolarity.Asserted)) classes += " not-asserted";
        if (piece.Claims.Any(claim => claim.IsHallucinated)) return classes + " verdict-contradicted";
        return piece.Claims.All(claim => claim.Verdict == Verdict.Supported) ? classes + " verdict-supported" : classes;
    }

    private static string TitleOf(ReasoningPiece piece)
    {
        var names = string.Join(", ", piece.Numbers.Select(number => ActionUnits.TryGet(number, out var unit) ? unit.Name : "no such action unit"));
        if (piece.Claims.Count == 0) return names;
        var told = piece.Claims.All(claim => claim.Claim.Polarity == ClaimPolarity.Asserted) ? "" : $" ({string.Join(", ", piece.Claims.Select(claim => Features.Check.CheckText.Words(claim.Claim.Polarity)).Distinct())})";
        var verdicts = piece.Claims.All(claim => claim.Evidence is null) ? "" : ": " + string.Join(", ", piece.Claims.Select(claim => Features.Check.CheckText.Words(claim.Verdict)).Distinct());
        return names + told + verdicts;
    }
}
