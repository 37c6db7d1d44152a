using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Training.Datasets;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Evaluation;

/// <summary>Lets any model answer a benchmark, several samples at a time: for models behind servers, where <see cref="BenchmarkEvaluation"/> batches on the engine.</summary>
/// <param name="model">Asked as the pages ask it.</param>
/// <param name="decoding">How tokens are chosen.</param>
/// <param name="concurrency">Samples asked at a time.</param>
/// <param name="encode">A picture as the model gets it.</param>
public sealed class ConcurrentEvaluation(IReasoningModel model, DecodingOptions decoding, int concurrency, Func<RgbImage, byte[]> encode)
{
    /// <summary>How tokens are chosen.</summary>
    public DecodingOptions Decoding => decoding;

    /// <summary>The answers as they come in, in any order. With a file, answered samples come from it first and new answers go into it.</summary>
    /// <param name="benchmark">What is asked.</param>
    /// <param name="file">Opened with a header that fits; null stores nothing.</param>
    /// <param name="cancellationToken">Ends open requests.</param>
    /// <exception cref="ModelUnavailableException">A sample could not be answered; what was answered before is in the file.</exception>
    public async IAsyncEnumerable<ResultRow> AnswerAsync(Benchmark benchmark, ResultFile? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        var done = (file?.Rows ?? []).ToDictionary(row => row.Sample, StringComparer.Ordinal);
        foreach (var sample in benchmark.Samples)
            if (done.TryGetValue(sample.Id, out var row)) yield return row;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = Channel.CreateBounded<(ResultRow Row, bool IsTruncated)>(concurrency);
        var asking = AskAllAsync(benchmark, benchmark.Samples.Where(sample => !done.ContainsKey(sample.Id)), answers.Writer, stop.Token);
        try
        {
            await foreach (var (row, isTruncated) in answers.Reader.ReadAllAsync(cancellationToken))
            {
                file?.Append(row, isTruncated);
                yield return row;
            }
            await asking;
        }
        finally
        {
            await stop.CancelAsync();   // whoever stops reading stops the requests as well
            await asking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task AskAllAsync(Benchmark benchmark, IEnumerable<BenchmarkSample> samples, ChannelWriter<(ResultRow Row, bool IsTruncated)> answers, CancellationToken cancellationToken)
    {
        try
        {
            var many = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(samples, many, async (sample, cancel) =>
            {
                var answer = await model.AskAsync(new AnalysisRequest(encode(benchmark.Open(sample)), decoding), cancel);
                var row = ResultRow.Of(sample.Id, sample.Subject, answer.Text, answer.Tokens, answer.EmotionProbabilities, sample.Labels, sample.Reference) with
                {
                    Image = sample.Image, Metadata = sample.Metadata, Served = answer.Served,
                };
                await answers.WriteAsync((row, answer.StopReason == StopReason.MaxTokens), cancel);
            });
        }
        finally
        {
            answers.Complete();
        }
    }
}
