using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Prompts;

/// <summary>"Is this unit visible?" in words, and how the response is read (measures, section 3.5).</summary>
public static class PresencePrompt
{
    /// <summary>Name and version of the wording; stored with every result.</summary>
    public const string Id = "au-pope/1";

    private const string ThinkEnd = "</think>";

    /// <summary>The question about one unit.</summary>
    /// <param name="unit">Its number; a known unit is described as in the prompt of the paper.</param>
    public static string Text(int unit) =>
        $"Look at the face. Is action unit {ActionUnit.CodeOf(unit)} visible in it, {Described(unit)}? Answer with one word, yes or no.";

    /// <summary>Yes or no: the first word of the answer block, of what follows a think block, or of the whole response. Null when it is neither.</summary>
    public static bool? Read(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var thinkEnd = response.LastIndexOf(ThinkEnd, StringComparison.OrdinalIgnoreCase);
        var answer = ReasoningParser.Parse(response).AnswerText ?? response[(thinkEnd < 0 ? 0 : thinkEnd + ThinkEnd.Length)..];
        var word = new string([.. answer.SkipWhile(letter => !char.IsLetter(letter)).TakeWhile(char.IsLetter)]);
        return word.ToUpperInvariant() switch { "YES" => true, "NO" => false, _ => null };
    }

    private static string Described(int number) => ActionUnits.TryGet(number, out var unit) ? $"{unit.Name} ({unit.Description})" : "as FACS defines it";
}
