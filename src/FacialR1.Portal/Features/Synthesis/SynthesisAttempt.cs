using System.Text.Json;
using FacialR1.Portal.Features.Rollouts;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>One line of <c>synthesis.jsonl</c>: a text the model wrote with the labels before it, and whether the filter took it.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Reasons">Why it was rejected; empty when it was accepted.</param>
/// <param name="Checkpoint">Hash of the weights that wrote it.</param>
/// <param name="Prompt">Id of the prompt.</param>
/// <param name="Parser">Version of the parser the filter read it with.</param>
public sealed record SynthesisAttempt(
    int Round, string Sample, string? Image, string? Emotion, IReadOnlyList<string>? ActionUnits, int Attempt, double Temperature, long Seed, string? Text, bool Accepted,
    IReadOnlyList<string>? Reasons, string? Checkpoint, string? Prompt, string? Parser)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Numbers of the labelled units; null without labels.</summary>
    public IReadOnlyList<int>? LabelledUnits => ActionUnits is null ? null : RolloutGroup.Units(ActionUnits);

    /// <summary>Null when the line is not an attempt.</summary>
    public static SynthesisAttempt? TryParse(ReadOnlySpan<byte> line)
    {
        try { return JsonSerializer.Deserialize<SynthesisAttempt>(line, Json) is { Sample: not null } attempt ? attempt : null; }
        catch (JsonException) { return null; }
    }
}

/// <summary>What a person decides about a sample.</summary>
public enum ReviewDecision { Accept, Reject, Edit, Undo }

/// <summary>One line of <c>reviews.jsonl</c>. The last line about a sample of a round counts; an undo takes the decision back.</summary>
/// <param name="Text">The text to use instead; only for an edit.</param>
public sealed record SynthesisReview(string Sample, int Round, string Decision, string? Text, DateTimeOffset Time)
{
    public ReviewDecision? Kind => Enum.TryParse<ReviewDecision>(Decision, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    public static SynthesisReview? TryParse(ReadOnlySpan<byte> line)
    {
        try { return JsonSerializer.Deserialize<SynthesisReview>(line, SynthesisAttempt.Json) is { Sample: not null, Decision: not null } review && review.Kind is not null ? review : null; }
        catch (JsonException) { return null; }
    }
}
