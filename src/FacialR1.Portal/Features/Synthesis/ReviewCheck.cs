using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>What an edited text says, beside what the labels say.</summary>
/// <param name="Fault">Why it cannot be used; null when it can.</param>
/// <param name="Differences">What the reviewer should know and may still want.</param>
public sealed record ReviewCheck(string? Fault, IReadOnlyList<string> Differences)
{
    /// <param name="units">Numbers of the labelled units; null without labels.</param>
    public static ReviewCheck Of(string text, string? emotion, IReadOnlyList<int>? units)
    {
        var trace = ReasoningParser.Parse(text);
        if (!trace.FormatOk) return new ReviewCheck("The text must be <think>…</think> followed by <answer>…</answer>, each once and not empty.", []);
        if (trace.Emotion is null) return new ReviewCheck($"The answer must be one of the seven labels: {Emotions.List(Emotions.All)}.", []);

        var differences = new List<string>();
        if (emotion is not null && (!Emotions.TryParse(emotion, out var labelled) || labelled != trace.Emotion)) differences.Add($"answers {trace.Emotion.Value.Name()}, labelled {emotion}");
        if (units is not null)
        {
            if (units.Except(trace.ActionUnits).ToList() is { Count: > 0 } missing) differences.Add($"does not name {string.Join(", ", missing.Select(ActionUnit.CodeOf))}");
            if (trace.ActionUnits.Except(units).ToList() is { Count: > 0 } extra) differences.Add($"names {string.Join(", ", extra.Select(ActionUnit.CodeOf))}, which is not labelled");
        }
        return new ReviewCheck(null, differences);
    }
}
