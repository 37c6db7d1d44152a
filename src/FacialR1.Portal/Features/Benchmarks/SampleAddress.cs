using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Storage.Evaluations;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Which samples are shown, as an address carries it. What makes no sense in an address is left out.</summary>
public static class SampleAddress
{
    /// <summary>In the confusion matrix and in addresses: an answer that could not be read.</summary>
    public const string Unread = "unparsed";

    /// <summary>The query part without "?"; empty for all samples in their order.</summary>
    public static string Write(SampleQuery query, int? page = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        var parts = new List<string>();
        void Add(string name, string? value)
        {
            if (value is not null) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
        Add("label", query.Label?.Name());
        Add("answer", query.IsUnread ? Unread : query.Answer?.Name());
        Add("right", Word(query.IsRight));
        Add("outcome", query.Outcome?.ToString());
        Add("format", Word(query.FormatOk));
        Add("hallucinates", Word(query.Hallucinates));
        Add("unit", query.Unit is { } unit ? ActionUnit.CodeOf(unit) : null);
        Add("place", query.Unit is null ? null : query.Place.ToString());
        Add("subject", query.Subject);
        Add("slice", query.Slice?.Name);
        Add("value", query.Slice?.Value);
        Add("above", query.ConfidenceAbove?.ToString(CultureInfo.InvariantCulture));
        Add("upto", query.ConfidenceTo?.ToString(CultureInfo.InvariantCulture));
        Add("find", string.IsNullOrWhiteSpace(query.Search) ? null : query.Search);
        Add("sort", query.Order == AnswerOrder.Number ? null : query.Order.ToString());
        Add("desc", query.IsDescending ? "true" : null);
        Add("page", page > 1 ? page.Value.ToString(CultureInfo.InvariantCulture) : null);
        return string.Join('&', parts);
    }

    /// <param name="value">Value of a name in the address; null when it has none.</param>
    public static SampleQuery Read(Func<string, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var unit = ActionUnit.NumberOf(value("unit")) is { } number && ActionUnits.IsKnown(number) ? number : (int?)null;
        return new SampleQuery
        {
            Label = EmotionOf(value("label")), Answer = EmotionOf(value("answer")), IsUnread = value("answer") == Unread, IsRight = Flag(value("right")),
            Outcome = Enum.TryParse<AnswerOutcome>(value("outcome"), ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
            FormatOk = Flag(value("format")), Hallucinates = Flag(value("hallucinates")), Unit = unit,
            Place = Enum.TryParse<UnitPlace>(value("place"), ignoreCase: true, out var place) && Enum.IsDefined(place) ? place : UnitPlace.Labelled,
            Subject = value("subject"), Slice = value("slice") is { } name && value("value") is { } held ? (name, held) : null,
            ConfidenceAbove = Number(value("above")), ConfidenceTo = Number(value("upto")), Search = value("find"),
            Order = Enum.TryParse<AnswerOrder>(value("sort"), ignoreCase: true, out var order) && Enum.IsDefined(order) ? order : AnswerOrder.Number, IsDescending = value("desc") == "true",
            Page = int.TryParse(value("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
        };
    }

    /// <summary>One entry per condition: what it says, and the query without it.</summary>
    public static IEnumerable<(string Text, SampleQuery Without)> Conditions(SampleQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Label is { } label) yield return ($"labelled {label.Name()}", query with { Label = null });
        if (query.Answer is { } answer) yield return ($"answered {answer.Name()}", query with { Answer = null });
        if (query.IsUnread) yield return ("answer could not be read", query with { IsUnread = false });
        if (query.IsRight is { } right) yield return (right ? "right" : "wrong", query with { IsRight = null });
        if (query.Outcome is { } outcome) yield return (outcome.Label(), query with { Outcome = null });
        if (query.FormatOk is { } format) yield return (format ? "format kept" : "format broken", query with { FormatOk = null });
        if (query.Hallucinates is { } hallucinates) yield return (hallucinates ? "names units that are not there" : "names no unit that is not there", query with { Hallucinates = null });
        if (query.Unit is { } unit) yield return ($"{ActionUnit.CodeOf(unit)} {Words(query.Place)}", query with { Unit = null });
        if (query.Subject is { } subject) yield return ($"subject {subject}", query with { Subject = null });
        if (query.Slice is { } slice) yield return ($"{slice.Name}: {slice.Value}", query with { Slice = null });
        if (query.ConfidenceAbove is not null || query.ConfidenceTo is not null)
            yield return (FormattableString.Invariant($"said probability {query.ConfidenceAbove ?? 0:0.00} – {query.ConfidenceTo ?? 1:0.00}"), query with { ConfidenceAbove = null, ConfidenceTo = null });
        if (!string.IsNullOrWhiteSpace(query.Search)) yield return ($"id contains “{query.Search}”", query with { Search = null });
    }

    public static string Words(UnitPlace place) => place switch
    {
        UnitPlace.Labelled => "labelled", UnitPlace.Claimed => "claimed", UnitPlace.Hallucinated => "claimed and not there", UnitPlace.Missed => "there and not claimed", _ => "there and claimed",
    };

    private static Emotion? EmotionOf(string? name) => Emotions.All.Where(emotion => emotion.Name() == name).Select(emotion => (Emotion?)emotion).FirstOrDefault();

    private static bool? Flag(string? text) => text switch { "true" => true, "false" => false, _ => null };

    private static string? Word(bool? flag) => flag switch { true => "true", false => "false", _ => null };

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
