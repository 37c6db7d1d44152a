using System.Globalization;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>Which samples of a round are listed; the query of the page.</summary>
/// <param name="Round">Null for the last.</param>
/// <param name="Show">accepted, rejected, reviewed, open (no person has decided); anything else shows all.</param>
public sealed record SynthesisFilter(int? Round, string? Show, string? Emotion, int? Unit, string? Reason, int Page)
{
    public static IReadOnlyList<(string Value, string Label)> Shows { get; } =
        [("", "All"), ("accepted", "Accepted"), ("rejected", "Rejected"), ("open", "Not reviewed"), ("reviewed", "Reviewed")];

    public bool Takes(SynthesisSample sample) =>
        (Show switch { "accepted" => sample.IsAccepted, "rejected" => !sample.IsAccepted, "reviewed" => sample.Review is not null, "open" => sample.Review is null, _ => true })
        && (Emotion is null || (sample.Emotion ?? "no label") == Emotion)
        && (Unit is not { } unit || sample.LabelledUnits?.Contains(unit) == true)
        && (Reason is null || sample.Attempts.Any(attempt => !attempt.Accepted && (attempt.Reasons ?? []).Any(reason => SynthesisLedger.Family(reason) == Reason)));

    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["round"] = Round,
        ["show"] = string.IsNullOrEmpty(Show) ? null : Show,
        ["emotion"] = Emotion,
        ["unit"] = Unit?.ToString(CultureInfo.InvariantCulture),
        ["reason"] = Reason,
        ["page"] = Page > 1 ? Page : null,
    };
}
