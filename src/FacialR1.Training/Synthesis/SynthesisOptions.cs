using System.Text.Json.Nodes;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Training.Synthesis;

/// <summary>How one round of synthesis is made; written to <c>run.json</c> in full.</summary>
/// <param name="Round">Counted from 1.</param>
/// <param name="MaxAttempts">Per sample: one greedy and the rest sampled.</param>
/// <param name="LowestTemperature">Of the second attempt.</param>
/// <param name="HighestTemperature">Of the last attempt; those between rise evenly.</param>
/// <param name="Answers">Answers per attempt. With more than one, the first is taken if it names what most of them name.</param>
/// <param name="MaxTokens">Of one answer.</param>
/// <param name="WaveSize">Samples asked about between two writes to disk.</param>
/// <param name="Similarity">Jaccard similarity from which two texts are worded alike, in (0, 1].</param>
/// <param name="MostRepeats">Accepted texts of the same labels that may be worded alike.</param>
/// <param name="BlindChecks">Accepted samples to be asked again without a hint; 0 for none.</param>
public sealed record SynthesisOptions(
    int Round = 1, int MaxAttempts = 6, double LowestTemperature = 0.7, double HighestTemperature = 1.0, int Answers = 1, int MaxTokens = 192, int WaveSize = 256,
    double Similarity = 0.9, int MostRepeats = 16, int BlindChecks = 1000, int Seed = 11)
{
    /// <summary>What an answer must be.</summary>
    public AcceptanceRule Rule { get; init; } = new();

    /// <summary>Temperature of an attempt: 0 for the first. Greedy retries would differ through the hint only.</summary>
    /// <param name="attempt">Counted from 1.</param>
    public double TemperatureOf(int attempt) =>
        attempt == 1 ? 0 : MaxAttempts <= 2 ? LowestTemperature : LowestTemperature + (HighestTemperature - LowestTemperature) * (attempt - 2) / (MaxAttempts - 2);

    /// <summary>The configuration as it is kept in the run folder.</summary>
    /// <param name="checkpoint">Checksum of the weights that write.</param>
    /// <param name="parent">Name of that checkpoint.</param>
    /// <param name="prompt">Id of the question.</param>
    /// <param name="data">What the samples are, in words and numbers of the caller.</param>
    public JsonObject Describe(string checkpoint, string? parent, string prompt, JsonObject data) => new()
    {
        ["kind"] = "synthesis", ["stage"] = "synthesis", ["round"] = Round, ["parent"] = parent, ["checkpoint"] = checkpoint, ["seed"] = Seed, ["data"] = data,
        ["prompt"] = prompt, ["hint"] = LabelHint.Version, ["parser"] = ReasoningParser.Version, ["attempts"] = MaxAttempts,
        ["temperature"] = new JsonArray(LowestTemperature, HighestTemperature), ["answers"] = Answers, ["max_tokens"] = MaxTokens, ["wave"] = WaveSize,
        ["similarity"] = Similarity, ["most_repeats"] = MostRepeats, ["blind_checks"] = BlindChecks,
        ["rule"] = new JsonObject
        {
            ["version"] = AcceptanceRule.Version, ["least_words"] = Rule.LeastWords, ["most_words"] = Rule.MostWords, ["prototype_support"] = Rule.PrototypeSupport,
            ["prototypes"] = Rule.Prototypes.Version,
        },
    };

    /// <summary>Refuses options that mean nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Round, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LowestTemperature, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(HighestTemperature, LowestTemperature);
        ArgumentOutOfRangeException.ThrowIfLessThan(Answers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaveSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Similarity, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Similarity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(BlindChecks);
    }
}
