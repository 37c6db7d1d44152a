using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FacialR1.Analysis;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Answers with a checkpoint in this process. One instance per checkpoint; any number of requests at a time.</summary>
/// <remarks>
/// Requests wait in a bounded queue for one worker thread, which reads the weights with the first request, lets waiting requests join the batch between
/// two tokens and passes each token on. Leaving the stream takes the answer out of the batch before its next token. Probes are cut into parts of a
/// fraction of a second, and between two tokens of the answers that are being written one part is done.
/// </remarks>
public sealed class LocalReasoningModel : IProbedModel, IAsyncDisposable
{
    /// <summary>Forced texts read in one part, and steps of a gradient path taken in one part.</summary>
    private const int TextsAtOnce = 16, StepsAtOnce = 4;

    private readonly LocalModelOptions options;
    private readonly Channel<QueuedAnswer> queue;
    private readonly Channel<QueuedProbe> probes;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Task> worker;
    private Task<bool>? answerCame, probeCame;   // the worker's own: kept over its rounds, so that waits do not pile up

    /// <summary>Cheap: nothing is read before the first request.</summary>
    public LocalReasoningModel(LocalModelOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        this.options = options;
        queue = Channel.CreateBounded<QueuedAnswer>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        probes = Channel.CreateBounded<QueuedProbe>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        worker = new Lazy<Task>(() => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <inheritdoc/>
    /// <remarks>Times in the updates count from this call: waiting and loading are part of what a person waits for.</remarks>
    /// <exception cref="ImageRejectedException">The picture cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A decoding option is outside its range.</exception>
    public async IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TokenSampler.Check(request.Decoding);
        var answer = new QueuedAnswer(request.Decoding, options.Clock, question: request.Question);
        // Here and not on the worker: one person's large picture must not hold up the others' tokens.
        answer.Picture = await Task.Run(() => ImageReader.Read(request.Image), cancellationToken);
        await foreach (var update in WriteAsync(answer, cancellationToken)) yield return update;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A decoding option is outside its range.</exception>
    public IAsyncEnumerable<AnswerUpdate> ContinueAsync(RgbImage face, string beginning, DecodingOptions decoding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentNullException.ThrowIfNull(beginning);
        TokenSampler.Check(decoding);
        return WriteAsync(new QueuedAnswer(decoding, options.Clock, beginning) { Picture = face }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ForcedReading>> ReadAsync(IReadOnlyList<ForcedText> texts, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        List<ForcedReading> readings = [];
        foreach (var part in texts.Chunk(TextsAtOnce))
        {
            readings.AddRange(await ProbeAsync(checkpoint => ForcedReader.Read(checkpoint, part), cancellationToken));
            progress?.Report(readings.Count);
        }

        return readings;
    }

    /// <inheritdoc/>
    public async Task<PatchAttribution> AttributeAsync(ForcedText text, TextSpan target, int steps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IntegratedGradients? path = null;
        while (await ProbeAsync(checkpoint => (path ??= new IntegratedGradients(checkpoint, text, target, steps)).Continue(StepsAtOnce), cancellationToken)) progress?.Report(path!.Done);
        progress?.Report(steps);
        return await ProbeAsync(_ => path!.Finish(), cancellationToken);
    }

    private async IAsyncEnumerable<AnswerUpdate> WriteAsync(QueuedAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = worker.Value;
        try
        {
            await queue.Writer.WriteAsync(answer, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw Unloaded();
        }

        try
        {
            await foreach (var update in answer.Updates.ReadAllAsync(cancellationToken)) yield return update;
        }
        finally
        {
            answer.Leave();
        }
    }

    private async Task<T> ProbeAsync<T>(Func<LoadedCheckpoint, T> ask, CancellationToken cancellationToken)
    {
        var probe = QueuedProbe.Of(ask, cancellationToken, out var answer);
        _ = worker.Value;
        try
        {
            await probes.Writer.WriteAsync(probe, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw Unloaded();
        }

        return await answer.WaitAsync(cancellationToken);
    }

    /// <summary>Ends all answers at their next token and frees the weights.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        probes.Writer.TryComplete();
        await stopping.CancelAsync();
        if (worker.IsValueCreated) await worker.Value;
    }

    private ModelUnavailableException Unloaded() => new($"The checkpoint {Path.GetFileName(options.Folder)} was unloaded meanwhile. Ask again.");

    // A thread of its own from here on, and no await: dispose scopes and the gradient mode are bound to the thread.
    private void Work()
    {
        LoadedCheckpoint? checkpoint = null;
        try
        {
            while (WaitForRequest())
            {
                var first = Take(options.BatchSize);
                checkpoint ??= TryLoad(first);
                if (checkpoint is null) continue;
                WriteUntilIdle(checkpoint, first);
                ProbeOnce(checkpoint);
            }
        }
        finally
        {
            checkpoint?.Dispose();
            queue.Writer.TryComplete();
            probes.Writer.TryComplete();
            foreach (var answer in Take(int.MaxValue)) answer.Fail(Unloaded());
            while (probes.Reader.TryRead(out var probe)) probe.Fail(Unloaded());
        }
    }

    private bool WaitForRequest()
    {
        try
        {
            answerCame ??= queue.Reader.WaitToReadAsync(stopping.Token).AsTask();
            probeCame ??= probes.Reader.WaitToReadAsync(stopping.Token).AsTask();
            var hasCome = Task.WhenAny(answerCame, probeCame).GetAwaiter().GetResult().GetAwaiter().GetResult();
            if (answerCame.IsCompleted) answerCame = null;
            if (probeCame.IsCompleted) probeCame = null;
            return hasCome;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private List<QueuedAnswer> Take(int count)
    {
        List<QueuedAnswer> taken = [];
        while (taken.Count < count && queue.Reader.TryRead(out var answer))
            if (!answer.HasLeft) taken.Add(answer);
        return taken;
    }

    private LoadedCheckpoint? TryLoad(List<QueuedAnswer> waiting)
    {
        try
        {
            return LoadedCheckpoint.Load(options, new LoadingReport(waiting, () => Take(options.BatchSize - waiting.Count)), stopping.Token);
        }
        catch (Exception error)
        {
            // Whatever it is, it concerns those who wait; the next request tries again, because a person may have put the file in place.
            var told = error switch
            {
                ModelUnavailableException => error,
                OperationCanceledException => Unloaded(),
                _ => new ModelUnavailableException($"The checkpoint {Path.GetFileName(options.Folder)} could not be loaded: {error.Message}", error),
            };
            foreach (var answer in waiting) answer.Fail(told);
            while (probes.Reader.TryRead(out var probe)) probe.Fail(told);
            return null;
        }
    }

    private void WriteUntilIdle(LoadedCheckpoint checkpoint, List<QueuedAnswer> joining)
    {
        using var batch = new AnswerBatch(checkpoint.Model, checkpoint.Tokens, checkpoint.Tokenizer);
        List<QueuedAnswer> writing = [];
        try
        {
            while (true)
            {
                Join(checkpoint, batch, joining, writing);
                if (writing.Count == 0 && queue.Reader.Count == 0) return;

                foreach (var left in writing.Where(answer => answer.HasLeft)) left.Answer!.Abandon();
                stopping.Token.ThrowIfCancellationRequested();
                batch.Step();
                writing.RemoveAll(answer => answer.Advance());
                ProbeOnce(checkpoint);
                joining = Take(options.BatchSize - writing.Count);
            }
        }
        catch (Exception error)
        {
            var told = error is OperationCanceledException
                ? Unloaded()
                : new ModelUnavailableException($"The model failed while it was writing: {error.Message} If memory is short, use a smaller checkpoint or picture.", error);
            foreach (var answer in writing.Concat(joining)) answer.Fail(told);
        }
    }

    private void ProbeOnce(LoadedCheckpoint checkpoint)
    {
        if (probes.Reader.TryRead(out var probe)) probe.Answer(checkpoint);
    }

    private static void Join(LoadedCheckpoint checkpoint, AnswerBatch batch, List<QueuedAnswer> joining, List<QueuedAnswer> writing)
    {
        List<(QueuedAnswer Answer, GenerationRequest Request)> ready = [];
        foreach (var answer in joining)
        {
            try
            {
                ready.Add((answer, checkpoint.Ask(answer.Question ?? checkpoint.Prompt.Text, checkpoint.See(answer.Picture!), answer.Beginning, answer.Decoding)));
            }
            catch (Exception error) when (error is ModelUnavailableException or ArgumentException)
            {
                answer.Fail(error);   // one odd picture is its sender's concern alone
            }
        }

        var answers = batch.Add([.. ready.Select(one => one.Request)]);
        foreach (var (index, (queued, request)) in ready.Index())
        {
            queued.Begin(answers[index], request.Images.Sum(image => image.Grid.Tokens(checkpoint.Model.Options.Vision.MergeSize)), checkpoint.Tokenizer);
            if (!queued.Answer!.IsOver) writing.Add(queued);
        }
    }

    /// <summary>Tells those who wait, at most a hundred times; who comes meanwhile waits with them.</summary>
    private sealed class LoadingReport(List<QueuedAnswer> waiting, Func<List<QueuedAnswer>> takeNewcomers) : IProgress<double>
    {
        private double told = -1;

        public void Report(double value)
        {
            if (value < 1 && value - told < 0.01) return;
            told = value;
            waiting.AddRange(takeNewcomers());
            foreach (var answer in waiting) answer.Loading(value);
        }
    }
}
