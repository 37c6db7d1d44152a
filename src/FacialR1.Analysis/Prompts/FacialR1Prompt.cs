using System.Text;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Prompts;

/// <summary>The question a model gets beside the picture: what is asked, how to reason and how to answer.</summary>
/// <remarks>
/// Follows the structure of the Facial-R1 prompt (question, requirements, action unit definitions, one worked example) in our own words. The emotion list
/// is a plain comma list in canonical order; the published code prints a Python dictionary view there.
/// </remarks>
/// <param name="Id">Name and version of the wording; stored with every checkpoint and result.</param>
/// <param name="Text">The user turn, without the picture.</param>
public sealed record FacialR1Prompt(string Id, string Text)
{
    /// <summary>Id of <see cref="Full"/>: for models that can read FACS definitions.</summary>
    public const string FullId = "facial-r1/full/1";

    /// <summary>Id of <see cref="Compact"/>: for the embedded Mini models, which learn the definitions instead of reading them.</summary>
    public const string CompactId = "facial-r1/compact/1";

    /// <summary>Asked when a sample brings no question of its own.</summary>
    public const string DefaultQuestion = "Which emotion does the face in this picture show?";

    /// <summary>The whole prompt with the 30 definitions and the worked example, about 550 words.</summary>
    /// <param name="question">The question of the sample; image markers and outer white space are removed; empty means <see cref="DefaultQuestion"/>.</param>
    /// <param name="emotions">What may be answered; printed in canonical order; empty means all.</param>
    public static FacialR1Prompt Full(string question, IReadOnlyCollection<Emotion> emotions)
    {
        ArgumentNullException.ThrowIfNull(question);
        var text = new StringBuilder()
            .Append("Question\n").Append(Cleaned(question)).Append("\n\n")
            .Append("Requirements\n")
            .Append("1. Reason first, between <think> and </think>, in one short paragraph. Name only what is decisive: describe each visible movement in plain words and put ")
            .Append("its action unit directly behind it in parentheses, for example (AU12).\n")
            .Append("2. Say how these movements together lead to one emotion.\n")
            .Append("3. State only what can be seen. Leave out movements that are missing and words of doubt.\n")
            .Append("4. Then write one word between <answer> and </answer>, chosen from: ").Append(ListOf(emotions)).Append(".\n\n")
            .Append("Action units\n");
        foreach (var unit in ActionUnits.Prompt)
            text.Append(unit.Code).Append(", ").Append(unit.Name).Append(": ").Append(unit.Description).Append(".\n");
        text.Append("\nExample\n")
            .Append("<think>The inner ends of the eyebrows are drawn up (AU1) while the brows also move together (AU4), which gives the forehead a strained look. ")
            .Append("The corners of the mouth point downward (AU15). Raised inner brows over a sinking mouth are the pattern of sadness.</think>\n")
            .Append("<answer>sadness</answer>");
        return new FacialR1Prompt(FullId, text.ToString());
    }

    /// <summary>Question and requirements in about 40 words, for models with a small vocabulary.</summary>
    /// <param name="emotions">What may be answered; printed in canonical order; empty means all.</param>
    public static FacialR1Prompt Compact(IReadOnlyCollection<Emotion> emotions) => new(
        CompactId,
        "Which emotion does this face show? In the think block, describe the visible movements with their action units in parentheses and how together they imply one emotion. " +
        $"Then answer with one word: {ListOf(emotions)}.");

    /// <summary>The prompt a checkpoint was trained with.</summary>
    /// <param name="id">One of <see cref="FullId"/> and <see cref="CompactId"/>.</param>
    /// <param name="question">Used by the full prompt; the compact one has its own.</param>
    /// <param name="emotions">What may be answered.</param>
    /// <exception cref="ArgumentException">No prompt has this id.</exception>
    public static FacialR1Prompt FromId(string id, string question, IReadOnlyCollection<Emotion> emotions) => id switch
    {
        FullId => Full(question, emotions),
        CompactId => Compact(emotions),
        _ => throw new ArgumentException($"There is no prompt \"{id}\". Known are {FullId} and {CompactId}; a newer checkpoint may need a newer portal.", nameof(id)),
    };

    private static string ListOf(IReadOnlyCollection<Emotion> emotions)
    {
        ArgumentNullException.ThrowIfNull(emotions);
        return Emotions.List(emotions.Count == 0 ? Emotions.All : emotions.Distinct().Order());
    }

    private static string Cleaned(string question)
    {
        var cleaned = question.Replace("<image>", "", StringComparison.OrdinalIgnoreCase).Trim();
        return cleaned.Length == 0 ? DefaultQuestion : cleaned;
    }
}
