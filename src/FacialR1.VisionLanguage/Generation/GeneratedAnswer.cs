using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>An answer that is being written, or is finished. It grows with each <see cref="AnswerBatch.Step"/>.</summary>
public sealed class GeneratedAnswer
{
    private readonly List<int> ids = [];
    private readonly List<double> logProbabilities = [];
    private readonly TokenSampler sampler;
    private readonly GenerationTokens tokens;
    private readonly int maxTokens;
    private bool isAbandoned;

    internal GeneratedAnswer(GenerationRequest request, DecodingOptions decoding, GenerationTokens tokens, long padding, long nextPosition, AnswerTagWatcher? tag)
    {
        (this.tokens, maxTokens, PromptTokens, Padding, NextPosition, Tag) = (tokens, decoding.MaxTokens, request.PromptIds.Count, padding, nextPosition, tag);
        sampler = new TokenSampler(decoding, tokens, [.. request.PromptIds, .. request.Beginning]);
    }

    /// <summary>Tokens written so far, a stop token included.</summary>
    public IReadOnlyList<int> Ids => ids;

    /// <summary>For each of <see cref="Ids"/>: see <see cref="TokenChoice.LogProbability"/>.</summary>
    public IReadOnlyList<double> LogProbabilities => logProbabilities;

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; }

    /// <summary>Why it ended; null while it is being written.</summary>
    public StopReason? StopReason { get; private set; }

    /// <summary>Finished or abandoned: the row leaves its batch.</summary>
    public bool IsOver => StopReason is not null || isAbandoned;

    /// <summary>Probability of each emotion at the answer position, summing to 1; empty until it is reached, or where nobody asked for it.</summary>
    public IReadOnlyDictionary<Emotion, double> EmotionProbabilities { get; internal set; } = new Dictionary<Emotion, double>();

    /// <summary>Padded places in front of the row in the cache.</summary>
    internal long Padding { get; set; }

    /// <summary>Where the next token that is read stands, on all three axes.</summary>
    internal long NextPosition { get; set; }

    internal AnswerTagWatcher? Tag { get; }

    /// <summary>Nobody waits for it any more: it gets no further token.</summary>
    public void Abandon() => isAbandoned = true;

    internal void Choose(ReadOnlySpan<float> logits, double logSum, Span<float> scratch)
    {
        var choice = sampler.Choose(logits, logSum, scratch);
        ids.Add(choice.Id);
        logProbabilities.Add(choice.LogProbability);
        if (tokens.Stop.Contains(choice.Id)) StopReason = Analysis.StopReason.StopToken;
        else if (ids.Count >= maxTokens) StopReason = Analysis.StopReason.MaxTokens;
    }
}
