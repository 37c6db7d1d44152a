using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>All runs of the runs folder, wherever they were started. The folders are the truth; this only remembers what it has read of them.</summary>
public sealed class RunCatalog(PortalPaths paths, FolderChanges changes, TimeProvider clock)
{
    /// <summary>The device of runs that outside trainers report; it never blocks the queue.</summary>
    public const string Elsewhere = "elsewhere";

    private const string UsualDevice = "cpu";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Known> known = [];
    private volatile IReadOnlyList<RunSummary> current = [];

    /// <summary>Where run folders lie.</summary>
    public string Folder => paths.Runs;

    /// <summary>As of the last look, the latest start first. Reads no file.</summary>
    public IReadOnlyList<RunSummary> Current => current;

    /// <summary>As of the last look. Reads no file.</summary>
    public RunSummary? Find(string run) => current.FirstOrDefault(summary => summary.Id == run);

    /// <summary>The snapshot now, and a new one whenever a run changed, twice a second at most.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<RunSummary>? sent = null;
        while (true)
        {
            var change = changes.Next;
            if (!ReferenceEquals(sent, current)) yield return sent = current;
            await Task.Delay(Pace, clock, cancellationToken);
            await FolderChanges.WaitAsync(change, Poll, clock, cancellationToken);
        }
    }

    /// <summary>The run's folder. The name is compared with those on disk and never becomes part of a path.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public RunFolder FolderOf(string run) => RunFolder.At(
        Folders().FirstOrDefault(folder => Path.GetFileName(folder) == run) ?? throw new KeyNotFoundException($"There is no run \"{run}\". It may have been deleted; \"runs list\" shows those there are."));

    /// <summary>Reads what is new in all folders. Cheap where nothing changed.</summary>
    /// <returns>The new snapshot; the same object when nothing changed.</returns>
    public IReadOnlyList<RunSummary> Refresh()
    {
        lock (gate)
        {
            var folders = Folders().ToDictionary(folder => Path.GetFileName(folder));
            foreach (var gone in known.Keys.Except(folders.Keys).ToList()) known.Remove(gone);
            foreach (var (id, folder) in folders)
            {
                if (!known.TryGetValue(id, out var run)) known[id] = run = new Known(folder);
                run.Look();
            }

            var summaries = WithQueuePlaces([.. known.Values.Select(run => run.Summary).OrderByDescending(run => run.StartedAt ?? DateTimeOffset.MaxValue).ThenBy(run => run.Id, StringComparer.Ordinal)]);
            if (!summaries.SequenceEqual(current)) current = summaries;
            return current;
        }
    }

    private IEnumerable<string> Folders() => Directory.Exists(Folder)
        ? Directory.EnumerateDirectories(Folder).Where(folder => !Path.GetFileName(folder).StartsWith('.'))
        : [];

    private IReadOnlyList<RunSummary> WithQueuePlaces(IReadOnlyList<RunSummary> runs)
    {
        var places = runs.Where(run => run.State == RunState.Queued).GroupBy(run => run.Device)
            .SelectMany(queue => queue.OrderBy(run => known[run.Id].Launch!.QueuedAt).ThenBy(run => run.Id, StringComparer.Ordinal).Select((run, index) => (run.Id, Place: index + 1)))
            .ToDictionary(row => row.Id, row => row.Place);
        return [.. runs.Select(run => places.TryGetValue(run.Id, out var place) ? run with { QueuePlace = place } : run)];
    }

    /// <summary>What was read of one folder.</summary>
    private sealed class Known(string folder)
    {
        private readonly RunFolder run = RunFolder.At(folder);
        private RunEventReader? reader;
        private RunDigest digest = new();
        private JsonObject? description;
        private DateTime described;
        private (string Status, bool? IsAlive, string? Problem) seen;
        private RunSummary? summary;

        public RunLaunch? Launch { get; private set; }

        public RunSummary Summary => summary!;

        public void Look()
        {
            try
            {
                Read();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
            {
                summary = Summarise(RunState.Unknown, $"The folder cannot be read: {error.Message}");
            }
        }

        private void Read()
        {
            var status = run.Status;
            reader ??= new RunEventReader(run.EventFile);
            var (news, damaged) = (false, reader.DamagedLines);
            while (reader.Read() is { Count: > 0 } events)
            {
                news = true;
                foreach (var read in events) digest.Add(read);
            }

            // Outside trainers tell their settings bit by bit, so the description may change.
            var written = File.GetLastWriteTimeUtc(Path.Combine(folder, "run.json"));
            if (written != described && File.Exists(Path.Combine(folder, "run.json"))) (description, described, news) = (run.Description, written, true);
            if ((Launch is null || status != seen.Status) && RunLaunch.Read(folder) is { } launch) (Launch, news) = (launch, true);
            var problem = digest.Problem ?? (status == seen.Status ? seen.Problem : LastWords(status));
            var isAlive = status is RunLaunch.Starting or RunFolder.Running or RunFolder.Paused ? IsAlive() : null;
            if (summary is not null && !news && damaged == reader.DamagedLines && seen == (status, isAlive, problem)) return;
            seen = (status, isAlive, problem);
            var state = RunStates.Of(status, isAlive);
            summary = Summarise(state, state is RunState.Failed ? problem ?? "Its process ended before it wrote anything." : null);
        }

        /// <summary>Where a process failed before it could write an event, its last line of output says why.</summary>
        private string? LastWords(string status)
        {
            var file = Path.Combine(folder, RunLaunch.OutputName);
            if (status != RunFolder.Failed || !File.Exists(file)) return null;
            return File.ReadLines(file).TakeLast(3).Select(line => line.Trim()).LastOrDefault(line => line.Length > 0);
        }

        /// <remarks>Runs of other trainers have no process here; they are believed.</remarks>
        private bool? IsAlive()
        {
            if ((string?)description?["kind"] == "external") return null;
            if (run.Process is { } process) return process.IsAlive;
            return digest.StartedBy is { } starter ? ProcessIdentity.StartOf(starter.Process) is not null : null;
        }

        private RunSummary Summarise(RunState state, string? problem)
        {
            var phases = (description?["phases"] as JsonObject)?.Select(phase => phase.Key).ToList();
            var number = digest.Phase is { } phase && phases?.IndexOf(phase) is >= 0 and var index ? index + 1 : (int?)null;
            return new RunSummary(
                run.Id, Text("name") ?? run.Id, Text("kind") ?? Launch?.Command, Text("stage"), Text("parent") ?? Launch?.Parent, state, problem, DeviceOf(), null,
                digest.StartedAt ?? (description is null ? Launch?.QueuedAt : null), digest.LastEventAt, digest.Phase, number, phases?.Count, digest.Step, digest.Steps,
                state == RunState.Running ? digest.Remaining : null, digest.SamplesPerSecond, digest.Values, digest.Validation, digest.Curve, digest.Sequence, reader?.DamagedLines ?? 0,
                Launch is not null && state.HasEnded());
        }

        private string DeviceOf() => Text("device") ?? (Text("kind") == "external" ? Elsewhere : Launch?.Device ?? UsualDevice);

        private string? Text(string name) => description?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
