using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;

namespace FacialR1.Portal.Features.Compare;

/// <summary>A comparison with what a reader must know about the results behind it.</summary>
/// <param name="Notes">What its labels are worth, and in what the results differ besides the model.</param>
public sealed record ResultComparison(PairedComparison Comparison, IReadOnlyList<string> Notes);

/// <summary>Comparisons of results, each worked out once for all who ask. Only a few are kept: each holds the answers it compares.</summary>
public sealed class Comparisons(EvaluationFiles files)
{
    private const int Kept = 6;
    private readonly Lock gate = new();
    private readonly List<(string Key, Task<ResultComparison> Work)> kept = [];

    /// <summary>Compares results on the samples that all of them answered.</summary>
    /// <exception cref="DataFormatException">A result is missing or broken, or there are not two to four.</exception>
    /// <exception cref="ArgumentException">The results cannot be compared; the message says why.</exception>
    public async Task<ResultComparison> OfAsync(IReadOnlyList<string> ids, IntervalKind intervals)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count is < 2 or > PairedComparison.MostModels) throw new DataFormatException($"Choose two to {PairedComparison.MostModels} results of one benchmark on the page Benchmarks.");
        var loaded = await Task.WhenAll(ids.Select(files.LoadAsync));
        var key = string.Join('\n', loaded.Select(model => $"{model.Id}\t{model.Set.Rows.Count}\t{model.Header.DataSha256}\t{model.Header.CheckpointSha256}").Append(intervals.ToString()));
        Task<ResultComparison> work;
        lock (gate)
        {
            kept.RemoveAll(entry => entry.Work.IsFaulted);   // what failed is tried again
            var at = kept.FindIndex(entry => entry.Key == key);
            work = at >= 0 ? kept[at].Work : Task.Run(() => new ResultComparison(PairedComparison.Of(Named(loaded), intervals: intervals), Notes([.. loaded.Select(model => (model.Id, model.Header))])));
            if (at >= 0) kept.RemoveAt(at);
            kept.Add((key, work));
            if (kept.Count > Kept) kept.RemoveAt(0);
        }
        return await work;
    }

    /// <summary>What the labels are worth, then what else differs between the first result and the others.</summary>
    public static IReadOnlyList<string> Notes(IReadOnlyList<(string Name, ResultHeader Header)> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var (firstName, first) = results[0];
        var notes = new List<string> { $"{first.Benchmark}: {first.LabelNote}" };
        foreach (var (name, header) in results.Skip(1))
        {
            if (header.DataSha256 != first.DataSha256)
                notes.Add($"{name} was measured on other files than {firstName} ({header.Benchmark} against {first.Benchmark}); samples with the same id and labels are compared.");
            if (header.Prompt != first.Prompt) notes.Add($"The prompts differ: {header.Prompt} in {name}, {first.Prompt} in {firstName}.");
            if (header.Decoding != first.Decoding) notes.Add($"Tokens were chosen differently in {name} and {firstName}; part of a difference may come from that.");
        }
        return notes;
    }

    /// <summary>Two results of one model (other decoding, other step) are told apart by their ids.</summary>
    private static IReadOnlyList<ResultSet> Named(EvaluatedModel[] loaded) =>
        [.. loaded.Select(model => loaded.Count(other => other.Set.Name == model.Set.Name) == 1 ? model.Set : model.Set with { Name = model.Id })];
}
