using System.Runtime.CompilerServices;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Training.Datasets;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Evaluation;

/// <summary>Lets a model answer a benchmark sample by sample. Any <see cref="IReasoningModel"/> will do: the engine of this process batches what is asked at once, a server takes as many requests side by side.</summary>
/// <param name="model">Who answers.</param>
/// <param name="decoding">How tokens are chosen.</param>
public sealed class BenchmarkEvaluation(IReasoningModel model, DecodingOptions decoding)
{
    /// <summary>Questions that are open side by side; the engine writes their answers in one batch.</summary>
    public int AtOnce { get; init; } = 64;

    /// <summary>A picture as the model gets it; lossless unless set.</summary>
    public Func<RgbImage, byte[]> Encode { get; init; } = ImageWriter.ToPng;

    /// <summary>Called before each question; may wait (a pause) or throw <see cref="OperationCanceledException"/> (a stop).</summary>
    public Func<CancellationToken, ValueTask> BeforeEach { get; init; } = _ => ValueTask.CompletedTask;

    /// <summary>The answers in the order of the benchmark, as they are written. With a file, answered samples come from it and are not asked again; new answers go into it.</summary>
    /// <param name="benchmark">What is asked.</param>
    /// <param name="file">Opened with a header that fits; null stores nothing.</param>
    /// <param name="cancellationToken">Ends all open questions.</param>
    /// <exception cref="ModelUnavailableException">The model cannot answer; what was answered before is stored.</exception>
    public async IAsyncEnumerable<ResultRow> AnswerAsync(Benchmark benchmark, ResultFile? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        var done = (file?.Rows ?? []).ToDictionary(row => row.Sample, StringComparer.Ordinal);
        foreach (var sample in benchmark.Samples)
            if (done.TryGetValue(sample.Id, out var row)) yield return row;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(AtOnce);
        // Twice as many samples are under way as questions open, so that one long answer at the head holds up nobody.
        var asked = new Queue<Task<(ResultRow Row, bool IsTruncated)>>();
        try
        {
            foreach (var sample in benchmark.Samples.Where(sample => !done.ContainsKey(sample.Id)))
            {
                await BeforeEach(stop.Token);
                if (asked.Count == 2 * AtOnce) yield return Store(await asked.Dequeue(), file);
                while (asked.TryPeek(out var first) && first.IsCompletedSuccessfully) yield return Store(await asked.Dequeue(), file);
                asked.Enqueue(AskAsync(benchmark, sample, places, stop.Token));
            }

            while (asked.Count > 0)
            {
                await BeforeEach(stop.Token);
                yield return Store(await asked.Dequeue(), file);
            }
        }
        finally
        {
            await stop.CancelAsync();
            // Nothing may go on asking behind the back of whoever stopped; the first failure is already on its way up.
            await Task.WhenAll(asked).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static ResultRow Store((ResultRow Row, bool IsTruncated) answer, ResultFile? file)
    {
        file?.Append(answer.Row, answer.IsTruncated);
        return answer.Row;
    }

    private async Task<(ResultRow Row, bool IsTruncated)> AskAsync(Benchmark benchmark, BenchmarkSample sample, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            var picture = await Task.Run(() => Encode(benchmark.Open(sample)), cancellationToken);
            var answer = await model.AskAsync(new AnalysisRequest(picture, decoding), cancellationToken);
            var row = ResultRow.Of(sample.Id, sample.Subject, answer.Text, answer.Tokens, answer.EmotionProbabilities, sample.Labels, sample.Reference) with
            {
                Image = sample.Image, Metadata = sample.Metadata, Served = answer.Served,
            };
            return (row, answer.StopReason == StopReason.MaxTokens);
        }
        finally { places.Release(); }
    }
}
