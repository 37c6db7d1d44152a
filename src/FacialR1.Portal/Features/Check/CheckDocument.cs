using System.Text.Json.Nodes;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Check;

/// <summary>A checked text as JSON, the same on the command line and over HTTP. Spans count UTF-16 units from the start of the text, end excluded.</summary>
public static class CheckDocument
{
    /// <summary>All of it.</summary>
    public static JsonObject From(ReasoningCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var (reading, trace) = (check.Reading, check.Reading.Trace);
        return new JsonObject
        {
            ["text"] = trace.Text,
            ["answer"] = trace.AnswerText,
            ["emotion"] = trace.Emotion?.Name(),
            ["formatOk"] = trace.FormatOk,
            ["flags"] = new JsonArray([.. reading.Flags.Select(flag => (JsonNode)Word(flag))]),
            ["claims"] = ClaimsOf(check),
            ["emotions"] = new JsonArray([.. reading.Emotions.Select(mention => (JsonNode)new JsonObject
            {
                ["text"] = mention.Span.Of(trace.Text).ToString(), ["span"] = Span(mention.Span), ["emotion"] = mention.Emotion?.Name(), ["polarity"] = Word(mention.Polarity),
            })]),
            ["links"] = new JsonArray([.. reading.Links.Select(link => (JsonNode)new JsonObject
            {
                ["actionUnits"] = Codes(link.ActionUnits), ["emotion"] = reading.Emotions[link.Emotion].Emotion?.Name(), ["polarity"] = Word(link.Polarity), ["refersBack"] = link.RefersBack,
            })]),
            ["consistency"] = new JsonObject
            {
                ["stated"] = reading.StatedEmotion?.Name(), ["statedIsAnswer"] = check.StatedIsAnswer,
                ["implied"] = new JsonArray([.. check.Alignment.Implied.Select(emotion => (JsonNode)emotion.Name())]), ["impliedIsAnswer"] = check.Alignment.ImpliedIsAnswer, ["isTie"] = check.Alignment.IsTie,
            },
            ["alignment"] = AlignmentOf(check.Alignment),
            ["omissions"] = OmissionsOf(check),
            ["hallucination"] = new JsonObject { ["rate"] = check.HallucinationRate, ["mentions"] = check.VerifiableMentions, ["hallucinated"] = check.HallucinatedMentions },
            ["coverage"] = new JsonObject { ["rate"] = check.Coverage, ["present"] = check.PresentUnits, ["claimed"] = check.CoveredUnits },
            ["label"] = check.Label?.Name(),
            ["outcome"] = check.Outcome is { } outcome ? Word(outcome) : null,
            ["parser"] = ReasoningParser.Version,
            ["extractor"] = ReasoningClaims.Version,
        };
    }

    /// <summary>Every claim; <c>evidence</c> is null where nothing is known about its unit.</summary>
    public static JsonArray ClaimsOf(ReasoningCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new JsonArray([.. check.Claims.Select(item => (JsonNode)new JsonObject
        {
            ["text"] = item.Claim.Span.Of(check.Reading.Trace.Text).ToString(),
            ["span"] = Span(item.Claim.Span),
            ["au"] = ActionUnit.CodeOf(item.Claim.ActionUnit),
            ["polarity"] = Word(item.Claim.Polarity),
            ["side"] = item.Claim.Side == FaceSide.Unstated ? null : Word(item.Claim.Side),
            ["intensity"] = item.Claim.Intensity is { } intensity ? Word(intensity) : null,
            ["sentence"] = item.Claim.Sentence,
            ["wordsMean"] = item.Claim.WordsDisagree ? Codes(item.Claim.WordsMean) : null,
            ["verdict"] = Word(item.Verdict),
            ["evidence"] = item.Evidence is not { } evidence ? null : new JsonObject
            {
                ["source"] = evidence.Source, ["isEstimate"] = evidence.IsEstimate, ["isPresent"] = evidence.IsPresent,
                ["value"] = evidence.Value, ["presentFrom"] = evidence.PresentFrom, ["absentBelow"] = evidence.AbsentBelow,
            },
            ["weightForAnswer"] = Rounded(item.WeightForAnswer),
        })]);
    }

    /// <summary>How claimed units and answer fit.</summary>
    public static JsonObject AlignmentOf(EmotionAlignment alignment)
    {
        ArgumentNullException.ThrowIfNull(alignment);
        return new JsonObject
        {
            ["actionUnits"] = Codes(alignment.ActionUnits),
            ["withAnswer"] = Rounded(alignment.Alignment),
            ["shares"] = alignment.Shares is null ? null : new JsonObject(alignment.Shares.OrderBy(entry => entry.Key).Select(entry => KeyValuePair.Create(entry.Key.Name(), Rounded(entry.Value)))),
            ["prototypes"] = new JsonObject(alignment.Prototypes.OrderBy(entry => entry.Key).Select(entry => KeyValuePair.Create(entry.Key.Name(), (JsonNode?)new JsonObject
            {
                ["f1"] = Rounded(entry.Value.F1), ["pattern"] = Codes(entry.Value.Pattern.ActionUnits), ["source"] = entry.Value.Pattern.Source,
            }))),
            ["edges"] = new JsonArray([.. alignment.Edges.Select(edge => (JsonNode)new JsonObject
            {
                ["au"] = ActionUnit.CodeOf(edge.ActionUnit), ["emotion"] = edge.Emotion.Name(), ["weight"] = Rounded(edge.Weight),
            })]),
            ["withoutWeight"] = Codes(alignment.WithoutWeight),
            ["weightTable"] = alignment.PmiVersion,
            ["prototypeTable"] = alignment.PrototypeVersion,
        };
    }

    /// <summary>Units present and not asserted; null without evidence.</summary>
    public static JsonArray? OmissionsOf(ReasoningCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return check.Omissions is { } omissions ? Codes(omissions) : null;
    }

    /// <summary>An enum value as others read it: "rightForTheWrongReasons".</summary>
    internal static string Word<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static JsonNode? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;

    private static JsonArray Codes(IEnumerable<int> units) => new([.. units.Select(unit => (JsonNode)ActionUnit.CodeOf(unit))]);

    private static JsonArray Span(TextSpan span) => new(span.Start, span.End);
}
