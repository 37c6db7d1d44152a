using System.Globalization;
using FacialR1.Analysis;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>Which checkpoint to ask and how. Travels in the address, so that a link repeats a set-up.</summary>
/// <param name="Checkpoint">Null until there is one to choose.</param>
public sealed record RunSettings(string? Checkpoint, DecodingOptions Decoding)
{
    /// <summary>Query parameters; what has its default value is left out.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery(string? defaultCheckpoint) => new Dictionary<string, object?>
    {
        ["checkpoint"] = Checkpoint == defaultCheckpoint ? null : Checkpoint,
        ["temperature"] = UnlessDefault(Decoding.Temperature, DecodingOptions.Greedy.Temperature),
        ["top-k"] = Decoding.TopK == DecodingOptions.Greedy.TopK ? null : Decoding.TopK,
        ["top-p"] = UnlessDefault(Decoding.TopP, DecodingOptions.Greedy.TopP),
        ["penalty"] = UnlessDefault(Decoding.RepetitionPenalty, DecodingOptions.Greedy.RepetitionPenalty),
        ["max-tokens"] = Decoding.MaxTokens == DecodingOptions.Greedy.MaxTokens ? null : Decoding.MaxTokens,
        ["seed"] = Decoding.Seed == DecodingOptions.Greedy.Seed ? null : Decoding.Seed,
    };

    /// <summary>Numbers from an address, which anybody may have typed, brought into their ranges.</summary>
    public static DecodingOptions Decode(
        double? temperature, int? topK, double? topP, double? penalty, int? maxTokens, long? seed, int longestAnswer) => new(
            Math.Clamp(Finite(temperature, DecodingOptions.Greedy.Temperature), 0, MaximumTemperature),
            Math.Clamp(topK ?? DecodingOptions.Greedy.TopK, 0, MaximumTopK),
            Math.Clamp(Finite(topP, DecodingOptions.Greedy.TopP), MinimumTopP, 1),
            Math.Clamp(Finite(penalty, DecodingOptions.Greedy.RepetitionPenalty), 1, MaximumPenalty),
            MinTokens: 0,
            Math.Clamp(maxTokens ?? DecodingOptions.Greedy.MaxTokens, MinimumAnswer, longestAnswer),
            Math.Max(0, seed ?? DecodingOptions.Greedy.Seed));

    public const double MaximumTemperature = 2, MinimumTopP = 0.05, MaximumPenalty = 2;
    public const int MaximumTopK = 1000, MinimumAnswer = 16;

    private static double Finite(double? value, double otherwise) => value is { } number && double.IsFinite(number) ? number : otherwise;

    private static string? UnlessDefault(double value, double usual) => value.Equals(usual) ? null : value.ToString("0.####", CultureInfo.InvariantCulture);
}
