using System.Text;
using System.Threading.Channels;
using FacialR1.Analysis;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>One request on its way through the queue and the batch, and the stream its updates leave by.</summary>
/// <remarks>
/// The worker must never wait for a slow reader, and no text may be lost: when the bounded channel is nearly full, text gathers here and leaves as one
/// longer update later. The few places kept free are for the updates that come once.
/// </remarks>
internal sealed class QueuedAnswer(DecodingOptions decoding, TimeProvider clock, string beginning = "", string? question = null)
{
    private const int Capacity = 64, KeptFree = 4;
    private readonly Channel<AnswerUpdate> updates = Channel.CreateBounded<AnswerUpdate>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });
    private readonly StringBuilder whole = new(), waiting = new();
    private readonly long began = clock.GetTimestamp();
    private StreamingDecoder? decoder;
    private TimeSpan timeToFirstToken;
    private int read;
    private volatile bool hasLeft;

    public DecodingOptions Decoding { get; } = decoding;

    /// <summary>What the answer goes on behind; mostly empty.</summary>
    public string Beginning { get; } = beginning;

    /// <summary>Null asks the checkpoint's own.</summary>
    public string? Question { get; } = question;

    /// <summary>Set before the answer is queued.</summary>
    public RgbImage? Picture { get; set; }

    /// <summary>Null until it joined a batch.</summary>
    public GeneratedAnswer? Answer { get; private set; }

    /// <summary>Nobody reads the stream any more.</summary>
    public bool HasLeft => hasLeft;

    public ChannelReader<AnswerUpdate> Updates => updates.Reader;

    public void Leave() => hasLeft = true;

    public void Loading(double fraction)
    {
        if (updates.Reader.Count < Capacity - KeptFree) updates.Writer.TryWrite(new ModelLoading(fraction));
    }

    public void Begin(GeneratedAnswer answer, int visualTokens, Tokenizer tokenizer)
    {
        (Answer, decoder, timeToFirstToken) = (answer, new StreamingDecoder(tokenizer, skipSpecial: true), clock.GetElapsedTime(began));
        updates.Writer.TryWrite(new PromptRead(answer.PromptTokens, visualTokens, timeToFirstToken));
        Advance();
    }

    /// <summary>Passes on what was written since the last call; true when the answer is over.</summary>
    public bool Advance()
    {
        var answer = Answer!;
        for (; read < answer.Ids.Count; read++) waiting.Append(decoder!.Push(answer.Ids[read]));
        if (answer.StopReason is { } reason)
        {
            waiting.Append(decoder!.Flush());
            Pass(isLast: true);
            updates.Writer.TryWrite(new AnswerFinished(
                whole.ToString(), reason, answer.PromptTokens, answer.Ids.Count, timeToFirstToken, clock.GetElapsedTime(began), answer.EmotionProbabilities));
            updates.Writer.Complete();
            return true;
        }
        Pass(isLast: false);
        return answer.IsOver;
    }

    public void Fail(Exception error) => updates.Writer.TryComplete(error);

    private void Pass(bool isLast)
    {
        if (waiting.Length == 0 || (!isLast && updates.Reader.Count >= Capacity - KeptFree)) return;
        updates.Writer.TryWrite(new TextUpdate(waiting.ToString(), read));
        whole.Append(waiting);
        waiting.Clear();
    }
}
