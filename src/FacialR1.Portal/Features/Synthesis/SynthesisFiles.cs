using System.Text;
using System.Text.Json;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>The synthesis of runs: what was generated (<c>synthesis.jsonl</c>, read only) and what people decided (<c>reviews.jsonl</c>, only ever appended to).</summary>
public sealed class SynthesisFiles(RunCatalog catalog, TimeProvider clock) : IDisposable
{
    private const int KeptRuns = 4;
    private static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly List<(string Path, LineIndex<SynthesisAttempt> Index)> indices = [];

    /// <summary>Everything generated and decided so far, without the texts; null when the run has no synthesis.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<SynthesisLedger?> LedgerAsync(string id, CancellationToken cancellationToken)
    {
        if (IndexOf(id) is not var (folder, index)) return null;
        var attempts = await index.ReadAsync(cancellationToken);
        var reviews = new List<SynthesisReview>();
        await Task.Run(() => new LineTail(ReviewFile(folder)).Read((line, _) =>
        {
            if (SynthesisReview.TryParse(line) is { } review) reviews.Add(review);
        }, cancellationToken), cancellationToken);
        return SynthesisLedger.Of(attempts.Select(line => line.Key), reviews);
    }

    /// <summary>The attempts of samples with their texts.</summary>
    public async Task<IReadOnlyList<SynthesisAttempt>> TextsAsync(string id, IReadOnlyCollection<SynthesisSample> samples, CancellationToken cancellationToken)
    {
        if (IndexOf(id) is not var (_, index)) return [];
        var wanted = samples.Select(sample => (sample.Round, sample.Name)).ToHashSet();
        var places = (await index.ReadAsync(cancellationToken)).Where(line => wanted.Contains((line.Key.Round, line.Key.Sample))).Select(line => (line.Offset, line.Length));
        return [.. (await index.TextAsync(places, cancellationToken)).Select(line => SynthesisAttempt.TryParse(line)).OfType<SynthesisAttempt>()];
    }

    /// <summary>Whether an attempt of the run is about this photo.</summary>
    public async Task<bool> NamesAsync(string id, string image, CancellationToken cancellationToken) =>
        IndexOf(id) is var (_, index) && (await index.ReadAsync(cancellationToken)).Any(line => line.Key.Image == image);

    /// <summary>Appends a decision and waits until it is on the disk.</summary>
    /// <exception cref="ArgumentException">The run has no such sample, or an edit has no text.</exception>
    /// <exception cref="IOException">It was not written.</exception>
    public async Task<SynthesisReview> DecideAsync(string id, int round, string sample, ReviewDecision decision, string? text, CancellationToken cancellationToken)
    {
        if (decision == ReviewDecision.Edit && string.IsNullOrWhiteSpace(text)) throw new ArgumentException("An edit needs the text to use instead.", nameof(text));
        if (IndexOf(id) is not var (folder, index) || !(await index.ReadAsync(cancellationToken)).Any(line => line.Key.Round == round && line.Key.Sample == sample))
            throw new ArgumentException($"The run has no sample {sample} in round {round}.", nameof(sample));
        var review = new SynthesisReview(sample, round, decision.ToString().ToLowerInvariant(), decision == ReviewDecision.Edit ? text : null, clock.GetUtcNow());
        await writing.WaitAsync(cancellationToken);
        try
        {
            await using var file = new FileStream(ReviewFile(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, useAsync: true);
            file.Seek(0, SeekOrigin.End);
            // A line that a power cut left without its end must not swallow this one.
            var line = JsonSerializer.Serialize(review, OneLine) + "\n";
            await file.WriteAsync(Encoding.UTF8.GetBytes(EndsInLine(file) ? line : "\n" + line), CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        finally { writing.Release(); }
        return review;
    }

    public void Dispose() => writing.Dispose();

    private static bool EndsInLine(FileStream file)
    {
        if (file.Length == 0) return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private static string ReviewFile(string folder) => Path.Combine(folder, "reviews.jsonl");

    private (string Folder, LineIndex<SynthesisAttempt> Index)? IndexOf(string id)
    {
        if (catalog.OpenFolder(id)?.Path is not { } folder) return null;
        var path = Path.Combine(folder, "synthesis.jsonl");
        if (!File.Exists(path)) return null;
        lock (gate)
        {
            var at = indices.FindIndex(entry => entry.Path == path);
            var found = at >= 0 ? indices[at] : (path, new LineIndex<SynthesisAttempt>(path, TryReadKey));
            if (at >= 0) indices.RemoveAt(at);
            indices.Insert(0, found);
            if (indices.Count > KeptRuns) indices.RemoveAt(KeptRuns);
            return (folder, found.Item2);
        }
    }

    /// <summary>Texts stay on disk: a round of all photos would fill the memory with them.</summary>
    private static bool TryReadKey(ReadOnlySpan<byte> line, out SynthesisAttempt key)
    {
        key = SynthesisAttempt.TryParse(line) is { } attempt ? attempt with { Text = null } : null!;
        return key is not null;
    }
}
