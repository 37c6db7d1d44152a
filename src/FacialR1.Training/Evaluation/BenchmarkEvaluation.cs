using FacialR1.Analysis.Comparison;
using FacialR1.Training.Datasets;

namespace FacialR1.Training.Evaluation;

/// <summary>Lets a model answer a benchmark sample by sample.</summary>
public static class BenchmarkEvaluation
{
    /// <summary>The answers in the order of the benchmark, as they are written. With a file, answered samples come from it and new answers go into it.</summary>
    /// <param name="benchmark">What is asked.</param>
    /// <param name="evaluator">Who answers.</param>
    /// <param name="file">Opened with a header that fits; null stores nothing.</param>
    /// <param name="cancellationToken">Checked between tokens.</param>
    public static IEnumerable<ResultRow> Answer(Benchmark benchmark, FaceEvaluator evaluator, ResultFile? file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(evaluator);
        var done = (file?.Rows ?? []).ToDictionary(row => row.Sample, StringComparer.Ordinal);
        foreach (var sample in benchmark.Samples)
            if (done.TryGetValue(sample.Id, out var row)) yield return row;

        BenchmarkSample[] open = [.. benchmark.Samples.Where(sample => !done.ContainsKey(sample.Id))];
        var answers = evaluator.Write(open.Select(benchmark.Open), cancellationToken);
        foreach (var (sample, answer) in open.Zip(answers))
        {
            var row = ResultRow.Of(sample.Id, sample.Subject, answer.Text, answer.Tokens, answer.EmotionProbabilities, sample.Labels, sample.Reference) with
            {
                Image = sample.Image, Metadata = sample.Metadata,
            };
            file?.Append(row, answer.IsTruncated);
            yield return row;
        }
    }
}
