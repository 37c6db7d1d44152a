using System.Text.Json;

namespace FacialR1.Portal.Features.Checkpoints;

/// <summary>A score with its 95 % interval.</summary>
public sealed record LineageValue(double? Value, double? Low, double? High);

/// <summary>Scores of one split.</summary>
/// <param name="N">Samples.</param>
public sealed record LineageScores(
    string? Split, int N, LineageValue? EmotionAccuracy, LineageValue? AuMacroF1, LineageValue? Hallucination, LineageValue? Coverage);

/// <summary>What a stage was given.</summary>
public sealed record LineageConsumption(string? What, string? Stage, long N);

/// <summary><c>lineage.json</c> of a checkpoint: where it comes from and what it scores.</summary>
/// <param name="Round">Round of synthesis, 0 outside of it.</param>
/// <param name="Parent">Name of the checkpoint it began from; null for one from nothing.</param>
/// <param name="Run">Id of the run that made it.</param>
public sealed record Lineage(
    string Name, string? Stage, int Round, string? Parent, string? Run, IReadOnlyList<LineageConsumption>? Consumed, IReadOnlyList<LineageScores>? Scores)
{
    public const string FileName = "lineage.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>"synthesis, round 2".</summary>
    public string StageText => (Stage ?? "stage not given") + (Round > 0 ? FormattableString.Invariant($", round {Round}") : "");

    /// <summary>The scores to show first: of the test split, which is read once, or else of the validation split.</summary>
    public LineageScores? Shown => Scores?.FirstOrDefault(scores => scores.Split == "test") ?? Scores?.FirstOrDefault(scores => scores.Split == "val") ?? (Scores is { Count: > 0 } ? Scores[0] : null);

    /// <summary>Reads the file of a checkpoint folder. The folder's name counts, whatever the file says.</summary>
    /// <returns>Null when there is none; a problem when it cannot be read.</returns>
    public static (Lineage? Lineage, string? Problem) Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return (null, null);
        try
        {
            return (Parse(File.ReadAllText(file)) with { Name = Path.GetFileName(folder) }, null);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return (null, $"{FileName} of {Path.GetFileName(folder)} cannot be read: {error.Message}");
        }
    }

    /// <exception cref="JsonException">The text is no lineage.</exception>
    public static Lineage Parse(string json) => JsonSerializer.Deserialize<Lineage>(json, Json) ?? throw new JsonException("It is empty.");
}
