using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Training.Data;

namespace FacialR1.Portal.Features.Compare;

/// <summary>Finds the result that somebody means by a checkpoint and a benchmark.</summary>
public static class ResultLookup
{
    /// <summary>The one result of this model, or with this id, on this benchmark.</summary>
    /// <param name="name">A checkpoint's name as tables show it, or the id of a result.</param>
    /// <param name="benchmark">"fer-au/val", or "fer-au" for whichever split there is; null for any.</param>
    /// <param name="entries">What there is.</param>
    /// <exception cref="DataFormatException">There is none, or more than one; the message lists what there is.</exception>
    public static EvaluationEntry Find(string name, string? benchmark, IReadOnlyList<EvaluationEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        EvaluationEntry[] there = [.. entries.Where(entry => entry.Header is { } header && (benchmark is null || header.Benchmark == benchmark || header.Benchmark.StartsWith(benchmark + "/", StringComparison.Ordinal)))];
        if (there.FirstOrDefault(entry => entry.Id == name) is { } exact) return exact;
        EvaluationEntry[] found = [.. there.Where(entry => entry.Header!.Model == name)];
        var where = benchmark is null ? "" : $" on {benchmark}";
        return found.Length switch
        {
            1 => found[0],
            0 => throw new DataFormatException($"There is no result of \"{name}\"{where}. {What(there, entries)}. \"evaluate --out\" writes one."),
            _ => throw new DataFormatException($"\"{name}\" has several results{where}: {string.Join(", ", found.Select(Words))}. Give one of these ids{(benchmark is null ? ", or --benchmark" : "")}."),
        };
    }

    private static string What(EvaluationEntry[] there, IReadOnlyList<EvaluationEntry> entries)
    {
        string[] benchmarks = [.. entries.Select(entry => entry.Header?.Benchmark).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return there.Length > 0 ? $"There are {string.Join(", ", there.Select(Words))}" : benchmarks.Length > 0 ? $"There are results on {string.Join(", ", benchmarks)}" : "There is no result yet";
    }

    private static string Words(EvaluationEntry entry) => $"{entry.Id} ({entry.Header!.Model} on {entry.Header.Benchmark})";
}
