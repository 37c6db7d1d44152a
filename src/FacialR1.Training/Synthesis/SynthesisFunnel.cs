using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>How many of something were asked about and accepted.</summary>
/// <param name="Asked">Samples (or, per attempt number, attempts).</param>
public sealed record SynthesisYield(int Asked, int Accepted)
{
    /// <summary>Accepted / asked; null when nothing was asked.</summary>
    public double? Rate => Asked == 0 ? null : (double)Accepted / Asked;
}

/// <summary>What a round generated, kept and rejected, and why. Written to <c>funnel.json</c>.</summary>
/// <param name="Samples">Given to the round.</param>
/// <param name="RepeatedPhotos">Left out because validation, test or an earlier sample holds the same photo.</param>
/// <param name="Total">Samples asked about, and accepted at some attempt.</param>
/// <param name="Attempts">Answers that were written and judged.</param>
/// <param name="ByAttempt">Yield of the first, second … attempt, in attempts.</param>
/// <param name="ByEmotion">Yield per emotion label, in samples.</param>
/// <param name="ByActionUnit">Yield of the samples that are labelled with a unit.</param>
/// <param name="Reasons">Attempts that had at least one fault of a kind; an attempt may have several.</param>
/// <param name="GivenUpFor">Samples never accepted, by the kinds of fault of their last attempt.</param>
/// <param name="Blind">Null when nothing was asked blindly.</param>
public sealed record SynthesisFunnel(
    int Samples, int RepeatedPhotos, SynthesisYield Total, int Attempts, IReadOnlyList<SynthesisYield> ByAttempt, IReadOnlyDictionary<Emotion, SynthesisYield> ByEmotion,
    IReadOnlyDictionary<int, SynthesisYield> ByActionUnit, IReadOnlyDictionary<RejectionKind, int> Reasons, IReadOnlyDictionary<RejectionKind, int> GivenUpFor, BlindMeasures? Blind)
{
    public const string FileName = "funnel.json";

    internal static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    /// <summary>Counts attempts of one round; also those of a run that is still going.</summary>
    /// <param name="samples">Given to the round.</param>
    public static SynthesisFunnel Of(IReadOnlyList<SynthesisAttempt> attempts, int samples, int repeatedPhotos, IReadOnlyList<BlindAnswer> blind)
    {
        var lasts = attempts.GroupBy(attempt => attempt.Sample).Select(group => group.MaxBy(attempt => attempt.Attempt)!).ToArray();
        var most = attempts.Count == 0 ? 0 : attempts.Max(attempt => attempt.Attempt);
        var units = lasts.SelectMany(last => last.Labels.ActionUnits ?? []).Distinct().Order();
        return new SynthesisFunnel(samples, repeatedPhotos, Yield(lasts), attempts.Count,
            [.. Enumerable.Range(1, most).Select(number => Yield(attempts.Where(attempt => attempt.Attempt == number)))],
            Emotions.All.Where(emotion => lasts.Any(last => last.Labels.Emotion == emotion)).ToDictionary(emotion => emotion, emotion => Yield(lasts.Where(last => last.Labels.Emotion == emotion))),
            units.ToDictionary(unit => unit, unit => Yield(lasts.Where(last => last.Labels.ActionUnits?.Contains(unit) == true))),
            Kinds(attempts), Kinds(lasts), BlindMeasures.Of(blind));
    }

    /// <summary>As <c>funnel.json</c> holds it: counts, never shares, so that every share can be shown with its n.</summary>
    public JsonObject ToJson() => new()
    {
        ["samples"] = Samples, ["repeatedPhotos"] = RepeatedPhotos, ["asked"] = Total.Asked, ["accepted"] = Total.Accepted, ["attempts"] = Attempts,
        ["byAttempt"] = new JsonArray([.. ByAttempt.Select(Json)]),
        ["byEmotion"] = new JsonObject(ByEmotion.Select(entry => KeyValuePair.Create(entry.Key.Name(), (JsonNode?)Json(entry.Value)))),
        ["byActionUnit"] = new JsonObject(ByActionUnit.Select(entry => KeyValuePair.Create(ActionUnit.CodeOf(entry.Key), (JsonNode?)Json(entry.Value)))),
        ["reasons"] = Json(Reasons), ["givenUpFor"] = Json(GivenUpFor),
        ["blind"] = Blind is null ? null : new JsonObject
        {
            ["n"] = Blind.N, ["sameEmotion"] = Json(Blind.SameEmotion), ["sameActionUnits"] = Json(Blind.SameActionUnits), ["actionUnitF1"] = Json(Blind.ActionUnitF1),
        },
    };

    internal JsonObject ToEvent()
    {
        var fields = new JsonObject
        {
            ["samples"] = Samples, ["repeated_photos"] = RepeatedPhotos, ["asked"] = Total.Asked, ["accepted"] = Total.Accepted, ["attempts"] = Attempts,
            ["acceptance_rate"] = Total.Rate is { } rate ? Math.Round(rate, 6) : null,
        };
        foreach (var (name, value) in Blind?.ToValues() ?? []) fields[name] = Math.Round(value, 6);
        return fields;
    }

    private static SynthesisYield Yield(IEnumerable<SynthesisAttempt> attempts)
    {
        var (asked, accepted) = (0, 0);
        foreach (var attempt in attempts)
        {
            asked++;
            if (attempt.Accepted) accepted++;
        }

        return new SynthesisYield(asked, accepted);
    }

    private static Dictionary<RejectionKind, int> Kinds(IEnumerable<SynthesisAttempt> attempts) =>
        attempts.SelectMany(attempt => attempt.Kinds.Distinct()).CountBy(kind => kind).OrderByDescending(count => count.Value).ThenBy(count => count.Key)
            .ToDictionary(count => count.Key, count => count.Value);

    private static JsonObject Json(SynthesisYield yield) => new() { ["asked"] = yield.Asked, ["accepted"] = yield.Accepted };

    private static JsonObject Json(Estimate estimate) => new() { ["value"] = estimate.Value, ["low"] = estimate.Low, ["high"] = estimate.High };

    private static JsonObject Json(IReadOnlyDictionary<RejectionKind, int> counts) =>
        new(counts.Select(count => KeyValuePair.Create(count.Key.ToString(), (JsonNode?)count.Value)));
}
