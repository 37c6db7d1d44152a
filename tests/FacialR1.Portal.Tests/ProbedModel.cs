using System.Runtime.CompilerServices;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Tests;

/// <summary>A model whose reasons are known: it says happiness as surely as the pixel it looks at is white, and believes what it is told.</summary>
internal sealed class ProbedModel : IProbedModel, IReasoningModelFactory
{
    /// <summary>The place it looks at, as fractions of the picture.</summary>
    public (double X, double Y) Looks { get; init; } = (0.5, 0.5);

    /// <summary>Thrown by every probe; null for none.</summary>
    public Exception? Failure { get; init; }

    public int TextsRead { get; private set; }

    public IReasoningModel Create(CheckpointEntry checkpoint) => this;

    public Task<ModelIdentity> IdentifyAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken) => Task.FromResult(new ModelIdentity(null, "facial-r1/compact/1"));

    public IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<IReadOnlyList<ForcedReading>> ReadAsync(IReadOnlyList<ForcedText> texts, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (Failure is not null) throw Failure;
        TextsRead += texts.Count;
        progress?.Report(texts.Count);
        return [.. texts.Select(text => new ForcedReading(
            [.. text.Text.Select((_, index) => new ForcedToken(new TextSpan(index, 1), -0.1))],
            text.Text.EndsWith(AnswerCue.Tag, StringComparison.Ordinal) ? Emotions(text.Face, text.Text) : new Dictionary<Emotion, double>()))];
    }

    public async IAsyncEnumerable<AnswerUpdate> ContinueAsync(RgbImage face, string beginning, DecodingOptions decoding, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var emotions = Emotions(face, beginning);
        var rest = $" So it goes.</think>\n<answer>{emotions.MaxBy(entry => entry.Value).Key.Name()}</answer>";
        yield return new AnswerFinished(rest, StopReason.StopToken, 1, 1, TimeSpan.Zero, TimeSpan.Zero, emotions);
    }

    public async Task<PatchAttribution> AttributeAsync(ForcedText text, TextSpan target, int steps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new PatchAttribution(2, 2, [0.5, -0.25, 0, 0], -0.1, -0.35, steps);
    }

    private Dictionary<Emotion, double> Emotions(RgbImage face, string text)
    {
        var white = face.Row((int)(Looks.Y * face.Height))[3 * (int)(Looks.X * face.Width)] / 255.0;
        var happiness = text.Contains("AU4)", StringComparison.Ordinal) || text.Contains("AU15)", StringComparison.Ordinal) || text.Contains("AU1)", StringComparison.Ordinal) ? 0.2 : 0.1 + 0.8 * white;
        return new() { [Emotion.Happiness] = happiness, [Emotion.Sadness] = 1 - happiness };
    }
}
