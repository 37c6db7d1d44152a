using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis;

/// <summary>A model that looks at one face and writes reasoning and an answer, piece by piece.</summary>
public interface IReasoningModel
{
    /// <summary>Streams the answer. The last update is always an <see cref="AnswerFinished"/>, unless the stream is cancelled or throws.</summary>
    /// <exception cref="ModelUnavailableException">The checkpoint cannot be loaded or the server cannot be reached; the message says what to do.</exception>
    IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, CancellationToken cancellationToken);
}

/// <summary>One face and how to write about it.</summary>
/// <param name="Image">The encoded face crop (JPEG, PNG or WebP): already cropped to one face and free of metadata.</param>
/// <param name="Decoding">How tokens are chosen.</param>
public sealed record AnalysisRequest(ReadOnlyMemory<byte> Image, DecodingOptions Decoding)
{
    /// <summary>Asked in place of the model's own prompt; null asks that. A checkpoint that knows only its own prompt refuses with a <see cref="ModelUnavailableException"/>.</summary>
    public string? Question { get; init; }
}

/// <summary>How tokens are chosen. The defaults are greedy.</summary>
/// <param name="Temperature">0 takes the likeliest token; above 0 samples from softmax(logits / temperature).</param>
/// <param name="TopK">Keep only the k likeliest tokens; 0 keeps all.</param>
/// <param name="TopP">Keep the smallest set of tokens whose probabilities reach this sum, in (0, 1].</param>
/// <param name="RepetitionPenalty">At least 1; 1 changes nothing.</param>
/// <param name="MinTokens">No stop token before this many tokens.</param>
/// <param name="MaxTokens">The answer is cut after this many tokens.</param>
/// <param name="Seed">Same seed, same answer.</param>
public sealed record DecodingOptions(
    double Temperature = 0, int TopK = 0, double TopP = 1, double RepetitionPenalty = 1, int MinTokens = 0, int MaxTokens = 256, long Seed = 0)
{
    public static DecodingOptions Greedy { get; } = new();
}

/// <summary>One message of the answer stream.</summary>
public abstract record AnswerUpdate;

/// <summary>The checkpoint is being read; sent only for the request that has to wait for it.</summary>
/// <param name="Fraction">0 to 1.</param>
public sealed record ModelLoading(double Fraction) : AnswerUpdate;

/// <summary>Image and prompt were read (prefill); the first token follows.</summary>
public sealed record PromptRead(int PromptTokens, int VisualTokens, TimeSpan Elapsed) : AnswerUpdate;

/// <summary>New characters: whole ones, never half a surrogate pair or half a UTF-8 sequence.</summary>
/// <param name="Text">Appended to everything before it.</param>
/// <param name="Tokens">Tokens written so far.</param>
public sealed record TextUpdate(string Text, int Tokens) : AnswerUpdate;

/// <summary>The end of the answer.</summary>
/// <param name="Text">The whole text, equal to the concatenation of all <see cref="TextUpdate"/>s.</param>
/// <param name="EmotionProbabilities">Probability of each emotion at the answer position, summing to 1 over the list; empty when no answer was reached.</param>
public sealed record AnswerFinished(
    string Text, StopReason StopReason, int PromptTokens, int Tokens, TimeSpan TimeToFirstToken, TimeSpan Elapsed,
    IReadOnlyDictionary<Emotion, double> EmotionProbabilities) : AnswerUpdate
{
    /// <summary>What the server said that wrote it; null for a checkpoint in this process.</summary>
    public ServedAnswer? Served { get; init; }
}

/// <summary>Where an answer of a model behind a server comes from, and what it cost.</summary>
/// <param name="Host">Host and port of the server.</param>
/// <param name="Model">The model, as the server calls it.</param>
public sealed record ServedAnswer(string Host, string Model)
{
    /// <summary>The server's <c>system_fingerprint</c>: another one, another build or configuration. Null when it gives none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Tokens of picture and prompt, as the server counted them; null when it did not say.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>By the configured prices and the server's count of tokens; null without either.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Of <see cref="Cost"/>.</summary>
    public string? Currency { get; init; }
}

/// <summary>Why an answer ended.</summary>
public enum StopReason { StopToken, MaxTokens }

/// <summary>A model cannot answer now. The message is written for the person who asked.</summary>
public sealed class ModelUnavailableException : Exception
{
    public ModelUnavailableException(string message) : base(message) { }

    public ModelUnavailableException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The answer had begun and broke off; asking once more may well succeed.</summary>
    public bool IsInterruption { get; init; }
}
