namespace FacialR1.Portal.Remote;

/// <summary>Gathers what the pieces of a stream say about the whole answer.</summary>
internal sealed class WrittenSoFar
{
    private readonly List<WrittenToken> tokens = [];
    private bool isThinking;
    private int pieces;

    public IReadOnlyList<WrittenToken> Tokens => tokens;

    /// <summary>Tokens written so far; where the server does not list them, pieces with text, which are mostly one token each.</summary>
    public int Pieces => Math.Max(tokens.Count, pieces);

    public string? FinishReason { get; private set; }
    public string? Model { get; private set; }
    public string? Fingerprint { get; private set; }
    public int? PromptTokens { get; private set; }
    public int? AnswerTokens { get; private set; }

    /// <summary>Takes a piece in and gives the words to show. Reasoning that the server has cut out goes back into its tags, where everybody else expects it.</summary>
    public string Take(ChatChunk chunk)
    {
        FinishReason = chunk.FinishReason ?? FinishReason;
        Model = chunk.Model ?? Model;
        Fingerprint = chunk.Fingerprint ?? Fingerprint;
        PromptTokens = chunk.PromptTokens ?? PromptTokens;
        AnswerTokens = chunk.AnswerTokens ?? AnswerTokens;
        tokens.AddRange(chunk.Tokens);
        if (chunk.HasText) pieces++;

        var words = "";
        if (chunk.Reasoning.Length > 0)
        {
            words = (isThinking ? "" : "<think>") + chunk.Reasoning;
            isThinking = true;
        }
        return chunk.Text.Length > 0 ? words + Flush() + chunk.Text : words;
    }

    /// <summary>What closes an open think block; empty without one.</summary>
    public string Flush()
    {
        if (!isThinking) return "";
        isThinking = false;
        return "</think>\n";
    }
}
