using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Synthesis;

/// <summary>Prompt ids of one question about one picture, with any hint behind the question.</summary>
/// <param name="question">Beside the picture.</param>
/// <param name="visualTokens">Visual tokens of the picture.</param>
public sealed class HintedPrompts(Tokenizer tokenizer, string question, int visualTokens)
{
    private const int Kept = 4096;
    private readonly ChatTemplate template = new(tokenizer);
    private readonly Dictionary<string, int[]> known = [];

    /// <summary>Ids up to and including the assistant header. The array is shared: do not write into it.</summary>
    /// <param name="hint">See <see cref="LabelHint"/>; empty for the question alone.</param>
    public int[] With(string hint)
    {
        if (known.TryGetValue(hint, out var ids)) return ids;
        if (known.Count == Kept) known.Clear();
        return known[hint] = [.. template.Prompt(LabelHint.Question(question, hint), visualTokens).Ids];
    }
}
