using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>One answer that was asked for with labels in view: a line of <c>synthesis.jsonl</c>.</summary>
/// <param name="Round">Counted from 1.</param>
/// <param name="Sample">Id of the sample.</param>
/// <param name="Image">Its picture's name in the set; null where it has none.</param>
/// <param name="Labels">What was shown; null parts were not annotated.</param>
/// <param name="Attempt">Counted from 1.</param>
/// <param name="Hint">Words behind the question, see <see cref="LabelHint"/>.</param>
/// <param name="Text">What the model wrote.</param>
/// <param name="Others">Further answers to the same question, for the majority; usually none.</param>
/// <param name="Reasons">Why it was not accepted, to read; empty when it was.</param>
/// <param name="Kinds">The same as <see cref="RejectionKind"/>, to count.</param>
/// <param name="Source">Who wrote and who judged.</param>
public sealed record SynthesisAttempt(
    int Round, string Sample, string? Image, ResponseLabels Labels, int Attempt, double Temperature, long Seed, string Hint, string Text, int Tokens, bool IsTruncated,
    IReadOnlyList<string> Others, IReadOnlyList<string> Reasons, IReadOnlyList<RejectionKind> Kinds, SynthesisSource Source)
{
    /// <summary>File name in the run folder.</summary>
    public const string FileName = "synthesis.jsonl";

    /// <summary>Whether the model's text may be learnt from, before any person looked at it.</summary>
    public bool Accepted => Kinds.Count == 0;

    /// <summary>All attempts of a run folder, in the order they were made; none where there is no file.</summary>
    /// <exception cref="Data.DataFormatException">A line cannot be read; the message names it.</exception>
    public static IReadOnlyList<SynthesisAttempt> ReadAll(string folder) => JsonLines.Read(Path.Combine(folder, FileName), Parse);

    internal JsonObject ToJson()
    {
        var line = new JsonObject
        {
            ["round"] = Round, ["sample"] = Sample, ["image"] = Image, ["emotion"] = Labels.Emotion?.Name(),
            ["actionUnits"] = Labels.ActionUnits is { } units ? new JsonArray([.. units.Order().Select(unit => (JsonNode)ActionUnit.CodeOf(unit))]) : null,
            ["attempt"] = Attempt, ["temperature"] = Math.Round(Temperature, 4), ["seed"] = Seed, ["hint"] = Hint, ["text"] = Text, ["tokens"] = Tokens,
            ["truncated"] = IsTruncated, ["accepted"] = Accepted, ["reasons"] = Strings(Reasons), ["kinds"] = Strings(Kinds.Select(kind => kind.ToString())),
            ["checkpoint"] = Source.Checkpoint, ["prompt"] = Source.Prompt, ["parser"] = Source.Parser, ["rule"] = Source.Rule,
        };
        if (Others.Count > 0) line["others"] = Strings(Others);
        return line;
    }

    private static SynthesisAttempt Parse(JsonObject line) => new(
        (int)line["round"]!, (string)line["sample"]!, (string?)line["image"],
        new ResponseLabels(
            (string?)line["emotion"] is { } noun ? Emotions.TryParse(noun, out var emotion) ? emotion : throw new FormatException($"'{noun}' is no emotion.") : null,
            line["actionUnits"] is JsonArray units ? [.. units.Select(code => int.Parse(((string)code!).AsSpan(2), provider: null))] : null),
        (int)line["attempt"]!, (double)line["temperature"]!, (long)line["seed"]!, (string?)line["hint"] ?? "", (string)line["text"]!, (int?)line["tokens"] ?? 0,
        (bool?)line["truncated"] ?? false, line["others"] is JsonArray others ? [.. others.Select(item => (string)item!)] : [],
        [.. line["reasons"]!.AsArray().Select(item => (string)item!)], KindsOf(line),
        new SynthesisSource((string)line["checkpoint"]!, (string)line["prompt"]!, (string)line["parser"]!, (string?)line["rule"] ?? ""));

    private static RejectionKind[] KindsOf(JsonObject line)
    {
        RejectionKind[] kinds = line["kinds"] is JsonArray names ? [.. names.Select(name => Enum.Parse<RejectionKind>((string)name!))] : [];
        if (kinds.Length == 0 != (bool)line["accepted"]!) throw new FormatException("an accepted attempt has no kinds of rejection, a rejected one has some.");
        return kinds;
    }

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}

/// <summary>Provenance of an attempt.</summary>
/// <param name="Checkpoint">Checksum of the weights that wrote it.</param>
/// <param name="Prompt">Id of the question, and of the form of the hint behind it.</param>
/// <param name="Parser">Version of the parser that read it.</param>
/// <param name="Rule">Version of the rule that judged it.</param>
public sealed record SynthesisSource(string Checkpoint, string Prompt, string Parser, string Rule);
