using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Synthesis;

/// <summary>What follows the question when labels are shown: the ground-truth suffix, and on a retry the reflection suffix, of the paper's third stage.</summary>
/// <remarks>
/// <code>
/// Labels: AU6, AU12, happiness.
/// Labels: AU6, AU12, happiness. Reflection: missing AU6; extra AU4; not sadness; wording.
/// </code>
/// A large model reads these as plain language. A small one must be taught them: see <see cref="LabelHintMix"/>. Labels that a source does not have are not
/// shown; a source that annotates AUs and found none shows "no AU". Departure from the published code: reflections do not pile up and do not quote the
/// previous answer, so that the prompt stays short.
/// </remarks>
public static class LabelHint
{
    /// <summary>Stored with every attempt; changes when the same labels would be shown in other words.</summary>
    public const string Version = "label-hint/1";

    /// <summary>The labels as one sentence; empty where there are none.</summary>
    public static string Of(ResponseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        List<string> shown = labels.ActionUnits switch
        {
            null => [],
            { Count: 0 } => ["no AU"],
            var units => [.. units.Distinct().Order().Select(ActionUnit.CodeOf)],
        };
        if (labels.Emotion is { } emotion) shown.Add(emotion.Name());
        return shown.Count == 0 ? "" : $"Labels: {string.Join(", ", shown)}.";
    }

    /// <summary>The labels, and what was wrong with the answer before.</summary>
    public static string Of(ResponseLabels labels, Reflection reflection)
    {
        ArgumentNullException.ThrowIfNull(reflection);
        var (shown, thought) = (Of(labels), reflection.ToString());
        return thought.Length == 0 ? shown : shown.Length == 0 ? thought : $"{shown} {thought}";
    }

    /// <summary>The question with a hint behind it.</summary>
    public static string Question(string question, string hint) => hint.Length == 0 ? question : $"{question} {hint}";
}

/// <summary>What was wrong with an answer, in the few forms a hint has words for.</summary>
/// <param name="Missing">Labelled and not named.</param>
/// <param name="Extra">Named and not labelled, or unknown.</param>
/// <param name="NotEmotion">The wrong answer that was given.</param>
/// <param name="IsFormatBroken">Tags, length or an unreadable answer.</param>
/// <param name="IsWordingBad">A negation, a mention of the labels, a contradiction or a text used too often.</param>
public sealed record Reflection(IReadOnlyList<int> Missing, IReadOnlyList<int> Extra, Emotion? NotEmotion = null, bool IsFormatBroken = false, bool IsWordingBad = false)
{
    /// <summary>Nothing was wrong.</summary>
    public static Reflection None { get; } = new([], []);

    /// <summary>As it stands in the prompt; empty when nothing was wrong.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        if (Missing.Count > 0) parts.Add($"missing {List(Missing)}");
        if (Extra.Count > 0) parts.Add($"extra {List(Extra)}");
        if (NotEmotion is { } emotion) parts.Add($"not {emotion.Name()}");
        if (IsFormatBroken) parts.Add("format");
        if (IsWordingBad) parts.Add("wording");
        return parts.Count == 0 ? "" : new StringBuilder("Reflection: ").AppendJoin("; ", parts).Append('.').ToString();
    }

    private static string List(IReadOnlyList<int> units) => string.Join(", ", units.Distinct().Order().Select(ActionUnit.CodeOf));
}
