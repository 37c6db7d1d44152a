using System.Collections.Concurrent;
using FacialR1.Analysis.Comparison;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>One result file as lists show it.</summary>
/// <param name="Id">Its file name without ending; links use it.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record EvaluationEntry(string Id, ResultHeader? Header, DateTime ChangedAt, string? Problem);

/// <summary>One result file with its answers.</summary>
public sealed record EvaluatedModel(string Id, ResultHeader Header, ResultSet Set);

/// <summary>The result files of <c>evaluate --out</c> in the evaluations folder. What is asked for is looked up in the folder's listing, so a link can name no other file.</summary>
public sealed class EvaluationFiles(PortalPaths paths)
{
    private const string Ending = ".jsonl";
    private readonly ConcurrentDictionary<(string Id, long Length, DateTime ChangedAt), Lazy<Task<EvaluatedModel>>> models = new();

    public string Folder => paths.Evaluations;

    /// <summary>By benchmark and name; files that cannot be read are listed with the reason.</summary>
    public IReadOnlyList<EvaluationEntry> List() =>
        !Directory.Exists(Folder) ? [] : [.. Files().Select(Entry).OrderBy(entry => entry.Header?.Benchmark, StringComparer.Ordinal).ThenBy(entry => entry.Id, StringComparer.Ordinal)];

    /// <exception cref="DataFormatException">There is no such result, or its file is broken; the message says which line.</exception>
    public Task<EvaluatedModel> LoadAsync(string id)
    {
        var file = Files().FirstOrDefault(file => IdOf(file) == id) ?? throw new DataFormatException($"There is no result \"{id}\" in {Folder}. It may have been moved; choose from the list.");
        var key = (id, file.Length, file.LastWriteTimeUtc);
        return Kept(models, key, () =>
        {
            var (header, set) = ResultFile.Load(file.FullName);
            return new EvaluatedModel(id, header, set);
        });
    }

    /// <summary>Works once for all who ask; what failed is tried again.</summary>
    private static async Task<TValue> Kept<TKey, TValue>(ConcurrentDictionary<TKey, Lazy<Task<TValue>>> kept, TKey key, Func<TValue> make) where TKey : notnull
    {
        // Each holds the words of a whole result: enough for two comparisons of four.
        if (kept.Count > 8) kept.Clear();
        try
        {
            return await kept.GetOrAdd(key, _ => new Lazy<Task<TValue>>(() => Task.Run(make))).Value;
        }
        catch
        {
            kept.TryRemove(key, out _);
            throw;
        }
    }

    private FileInfo[] Files() => Directory.Exists(Folder) ? new DirectoryInfo(Folder).GetFiles("*" + Ending, SearchOption.TopDirectoryOnly) : [];

    private static string IdOf(FileInfo file) => Path.GetFileNameWithoutExtension(file.Name);

    private static EvaluationEntry Entry(FileInfo file)
    {
        try
        {
            return new EvaluationEntry(IdOf(file), ResultFile.LoadHeader(file.FullName), file.LastWriteTimeUtc, null);
        }
        catch (Exception error) when (error is DataFormatException or IOException or UnauthorizedAccessException)
        {
            return new EvaluationEntry(IdOf(file), null, file.LastWriteTimeUtc, error.Message);
        }
    }
}
