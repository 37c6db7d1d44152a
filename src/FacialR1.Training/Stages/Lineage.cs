using System.Text.Encodings.Web;
using System.Text.Json;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Stages;

/// <summary>Something a stage learnt from.</summary>
/// <param name="What">In words, e.g. "photos with report text".</param>
/// <param name="Stage">The stage that consumed it: this one or an earlier one.</param>
/// <param name="N">How many.</param>
public sealed record Consumed(string What, string Stage, int N);

/// <summary>What a checkpoint scored on one split, each value with its 95% interval.</summary>
/// <param name="Hallucination">Share of named AUs that are not labelled (CHAIR_i); read it with <paramref name="Coverage"/>.</param>
/// <param name="Coverage">Share of labelled AUs that are named.</param>
public sealed record LineageScore(
    string Data, string Split, int N, Estimate? EmotionAccuracy, Estimate? AuMacroF1, Estimate? Hallucination, Estimate? Coverage, Estimate? FormatRate)
{
    public static LineageScore Of(string data, string split, EvaluationReport report) => new(data, split, report.N,
        report.EmotionAccuracy, report.AuMacroF1, report.Hallucination, report.Coverage, report.FormatRate);
}

/// <summary>Where a checkpoint comes from: <c>lineage.json</c> beside its weights.</summary>
/// <param name="Stage">base, sft, grpo, synthesis or supervised.</param>
/// <param name="Round">Of synthesis; 0 elsewhere.</param>
/// <param name="Parent">Name of the checkpoint it was trained from; null for the first.</param>
/// <param name="Run">The run that made it.</param>
/// <param name="Consumed">Everything it has learnt from, its ancestors' included.</param>
public sealed record Lineage(string Name, string Stage, int Round, string? Parent, string Run, IReadOnlyList<Consumed> Consumed, IReadOnlyList<LineageScore> Scores)
{
    public const string FileName = "lineage.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a folder says; null where it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is not valid; the message names it.</exception>
    public static Lineage? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize<Lineage>(File.ReadAllText(file), Json);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is not a lineage: {error.Message}", error);
        }
    }

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json) + "\n");
}
