using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FacialR1.Analysis;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Answers with a checkpoint in this process. One instance per checkpoint; any number of requests at a time.</summary>
/// <remarks>
/// Requests wait in a bounded queue for one worker thread, which reads the weights with the first request, lets waiting requests join the batch between
/// two tokens and passes each token on. Leaving the stream takes the answer out of the batch before its next token.
/// </remarks>
public sealed class LocalReasoningModel : IReasoningModel, IAsyncDisposable
{
    private readonly LocalModelOptions options;
    private readonly Channel<QueuedAnswer> queue;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Task> worker;

    /// <summary>Cheap: nothing is read before the first request.</summary>
    public LocalReasoningModel(LocalModelOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        this.options = options;
        queue = Channel.CreateBounded<QueuedAnswer>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        worker = new Lazy<Task>(() => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <inheritdoc/>
    /// <remarks>Times in the updates count from this call: waiting and loading are part of what a person waits for.</remarks>
    /// <exception cref="ImageRejectedException">The picture cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A decoding option is outside its range.</exception>
    public async IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TokenSampler.Check(request.Decoding);
        var answer = new QueuedAnswer(request.Decoding, options.Clock);
        // Here and not on the worker: one person's large picture must not hold up the others' tokens.
        answer.Picture = await Task.Run(() => ImageReader.Read(request.Image), cancellationToken);
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

    /// <summary>Ends all answers at their next token and frees the weights.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
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
                if (checkpoint is not null) WriteUntilIdle(checkpoint, first);
            }
        }
        finally
        {
            checkpoint?.Dispose();
            queue.Writer.TryComplete();
            foreach (var answer in Take(int.MaxValue)) answer.Fail(Unloaded());
        }
    }

    private bool WaitForRequest()
    {
        try
        {
            return queue.Reader.WaitToReadAsync(stopping.Token).AsTask().GetAwaiter().GetResult();
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

    private static void Join(LoadedCheckpoint checkpoint, AnswerBatch batch, List<QueuedAnswer> joining, List<QueuedAnswer> writing)
    {
        List<(QueuedAnswer Answer, GenerationRequest Request)> ready = [];
        foreach (var answer in joining)
        {
            try
            {
                ready.Add((answer, checkpoint.Ask(checkpoint.See(answer.Picture!), answer.Decoding)));
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
