using System.Text;
using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Answers queued analyses, outside any page: a closed tab changes nothing, a restart begins unfinished ones again.</summary>
public sealed partial class AnalysisWorker(
    WaitingAnalyses queue, AnalysisStore store, ImageStore images, ModelPool models, LiveFeeds feeds, RunningAnalyses running,
    IOptions<InferenceOptions> options, TimeProvider clock, ILogger<AnalysisWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var unfinished = await store.RequeueUnfinishedAsync(stoppingToken);
        if (unfinished.Count > 0) Log.Resumed(logger, unfinished.Count);
        foreach (var id in unfinished) feeds.Open(id);

        var workers = Enumerable.Range(0, options.Value.ConcurrentAnalyses).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)).ToList();
        foreach (var id in unfinished) await queue.AddAsync(id, stoppingToken);
        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in queue.TakeAsync(stoppingToken))
        {
            try
            {
                await AnswerAsync(id, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;   // the row stays unfinished, so the next start queues it again
            }
            catch (Exception error)
            {
                // One broken analysis (a full disk, say) must not end the worker for all that follow.
                Log.WorkerSurvived(logger, id, error);
                feeds.End(id, new AnalysisEnded(new AnalysisOutcome(AnalysisStatus.Failed, "") { Problem = UnexpectedProblem(id) }));
            }
        }
    }

    private async Task AnswerAsync(Guid id, CancellationToken stoppingToken)
    {
        using var logScope = logger.BeginScope(new Dictionary<string, object> { ["AnalysisId"] = id });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var entry = running.Enter(id, stop);   // before the row says Running, so that Stop never falls between the two
        if (!await store.TryStartAsync(id, stoppingToken) || await store.FindAsync(id, stoppingToken) is not { } analysis) return;

        var feed = feeds.Open(id);
        feed.Publish(new AnalysisStarted());
        var outcome = await OutcomeAsync(analysis, feed, stop.Token, stoppingToken);
        await store.FinishAsync(id, AnswerReading.Complete(outcome), clock.GetUtcNow(), stoppingToken);
        feeds.End(id, new AnalysisEnded(AnswerReading.Complete(outcome)));
    }

    private async Task<AnalysisOutcome> OutcomeAsync(AnalysisRecord analysis, AnalysisFeed feed, CancellationToken stop, CancellationToken stoppingToken)
    {
        var text = new StringBuilder();
        var (tokens, promptTokens) = (0, 0);
        var began = clock.GetTimestamp();
        try
        {
            await using var lease = models.Rent(analysis.Checkpoint);
            var request = new AnalysisRequest(await images.ReadAsync(analysis.CropHash, stop), analysis.Decoding);
            await foreach (var update in lease.Model.AnswerAsync(request, stop))
            {
                if (update is TextUpdate words)
                {
                    text.Append(words.Text);
                    tokens = words.Tokens;
                }
                if (update is PromptRead prompt) promptTokens = prompt.PromptTokens;
                if (update is AnswerFinished end)
                {
                    Log.Answered(logger, analysis.Id, end.Tokens, end.Elapsed);
                    return new AnalysisOutcome(AnalysisStatus.Done, end.Text)
                    {
                        StopReason = end.StopReason, PromptTokens = end.PromptTokens, Tokens = end.Tokens,
                        TimeToFirstToken = end.TimeToFirstToken, Elapsed = end.Elapsed, EmotionProbabilities = end.EmotionProbabilities,
                    };
                }
                feed.Publish(new AnalysisProgressed(update));
            }
            return Ended(AnalysisStatus.Failed) with { Problem = "The model ended without finishing its answer. Try again; if it happens again, choose another checkpoint." };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            return Ended(AnalysisStatus.Stopped);
        }
        catch (Exception error) when (error is ModelUnavailableException or FileNotFoundException)
        {
            Log.Unavailable(logger, analysis.Id, error.Message);
            return Ended(AnalysisStatus.Failed) with { Problem = error.Message };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.Failed(logger, analysis.Id, error);
            return Ended(AnalysisStatus.Failed) with { Problem = UnexpectedProblem(analysis.Id) };
        }

        AnalysisOutcome Ended(AnalysisStatus status) =>
            new(status, text.ToString()) { Tokens = tokens, PromptTokens = promptTokens, Elapsed = clock.GetElapsedTime(began) };
    }

    private static string UnexpectedProblem(Guid id) => $"Something went wrong inside the portal. Try again; the log has the details under {id}.";

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "Queued {Count} analyses again that an earlier run of the portal did not finish")]
        public static partial void Resumed(ILogger logger, int count);

        [LoggerMessage(11, LogLevel.Information, "Analysis {AnalysisId} answered with {Tokens} tokens in {Elapsed}")]
        public static partial void Answered(ILogger logger, Guid analysisId, int tokens, TimeSpan elapsed);

        [LoggerMessage(12, LogLevel.Warning, "Analysis {AnalysisId} could not be answered: {Reason}")]
        public static partial void Unavailable(ILogger logger, Guid analysisId, string reason);

        [LoggerMessage(13, LogLevel.Error, "Analysis {AnalysisId} failed")]
        public static partial void Failed(ILogger logger, Guid analysisId, Exception error);

        [LoggerMessage(14, LogLevel.Error, "Analysis {AnalysisId} could not be taken or stored; the worker goes on")]
        public static partial void WorkerSurvived(ILogger logger, Guid analysisId, Exception error);
    }
}
