using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Portal.Inference;

namespace FacialR1.Portal.Tests;

/// <summary>A model that says what the test tells it to, when the test tells it to.</summary>
internal sealed class ScriptedModel : IReasoningModel, IReasoningModelFactory
{
    public const string Smile = "<think>The cheeks are raised (AU6) and the lip corners are pulled up (AU12). Together they point to happiness.</think>\n<answer>happiness</answer>";

    private readonly Channel<AnswerUpdate?> script = Channel.CreateUnbounded<AnswerUpdate?>();
    private bool isInteractive;
    private Exception? failure;
    private string answer = Smile;

    public List<AnalysisRequest> Requests { get; } = [];
    public int Disposed { get; private set; }

    /// <summary>Every question is answered at once with this text.</summary>
    public static ScriptedModel Answering(string text) => new() { answer = text };

    /// <summary>Every question throws.</summary>
    public static ScriptedModel Failing(Exception error) => new() { failure = error };

    /// <summary>Questions wait for <see cref="Say"/> and <see cref="Finish"/>.</summary>
    public static ScriptedModel Waiting() => new() { isInteractive = true };

    public void Say(AnswerUpdate update) => script.Writer.TryWrite(update);
    public void Say(string words, int tokens) => Say(new TextUpdate(words, tokens));
    public void Finish(string text) => Say(Finished(text));

    public static AnswerFinished Finished(string text) => new(
        text, StopReason.StopToken, 120, 11, TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(1080),
        new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.75, [Emotion.Surprise] = 0.25 });

    public IReasoningModel Create(CheckpointEntry checkpoint) => this;

    public Task<ModelIdentity> IdentifyAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken) => Task.FromResult(new ModelIdentity(new string('a', 64), "facial-r1/compact/1"));

    public async IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (Requests) Requests.Add(request);
        if (failure is not null) throw failure;
        if (!isInteractive)
        {
            yield return new PromptRead(120, 36, TimeSpan.FromMilliseconds(50));
            yield return new TextUpdate(answer, 11);
            yield return Finished(answer);
            yield break;
        }
        while (await script.Reader.ReadAsync(cancellationToken) is { } update)
        {
            yield return update;
            if (update is AnswerFinished) yield break;
        }
    }
}
