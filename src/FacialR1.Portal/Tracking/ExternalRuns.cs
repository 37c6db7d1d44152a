using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tracking;

/// <summary>The runs and experiments of outside trainers, as folders among all others.</summary>
public sealed class ExternalRuns(PortalPaths paths, FolderChanges changes, TimeProvider clock) : IDisposable
{
    private const int OpenRuns = 64, MostExperiments = 10_000;
    private const string DefaultName = "Default";
    private static readonly JsonSerializerOptions Written = new(MlflowJson.Options) { WriteIndented = true };
    private readonly Lock gate = new();
    private readonly Dictionary<string, (ExternalRun Run, long Used)> open = [];
    private List<MlflowExperiment>? experiments;
    private long uses;

    internal IReadOnlyList<MlflowExperiment> Experiments()
    {
        lock (gate) return [.. Known()];
    }

    /// <exception cref="MlflowException">There is none.</exception>
    internal MlflowExperiment Experiment(string? id) =>
        Experiments().FirstOrDefault(experiment => experiment.ExperimentId == id) ?? throw MlflowException.Missing($"No Experiment with id={id} exists");

    /// <exception cref="MlflowException">There is none.</exception>
    internal MlflowExperiment ExperimentNamed(string? name) =>
        Experiments().FirstOrDefault(experiment => experiment.Name == name) ?? throw MlflowException.Missing($"Could not find experiment with name '{name}'");

    /// <exception cref="MlflowException">The name is missing or taken.</exception>
    internal string CreateExperiment(string? name, IReadOnlyList<MlflowTag> tags)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > Limits.LongestName) throw MlflowException.Invalid($"An experiment needs a name of at most {Limits.LongestName} characters.");
        lock (gate)
        {
            var all = Known();
            if (all.Any(experiment => experiment.Name == name)) throw MlflowException.Exists($"Experiment(name={name}) already exists.");
            if (all.Count >= MostExperiments) throw MlflowException.Invalid($"More than {MostExperiments} experiments are not kept.");
            var id = (all.Max(experiment => int.Parse(experiment.ExperimentId, CultureInfo.InvariantCulture)) + 1).ToString(CultureInfo.InvariantCulture);
            Keep([.. all, New(id, name, tags)]);
            return id;
        }
    }

    internal void TagExperiment(string? id, MlflowTag tag)
    {
        lock (gate)
        {
            var experiment = Known().FirstOrDefault(experiment => experiment.ExperimentId == id) ?? throw MlflowException.Missing($"No Experiment with id={id} exists");
            var tagged = experiment with { Tags = [.. experiment.Tags.Where(other => other.Key != tag.Key), tag], LastUpdateTime = Now() };
            Keep([.. Known().Select(other => other.ExperimentId == id ? tagged : other)]);
        }
    }

    internal MlflowRun CreateRun(CreateRun asked, IReadOnlyList<MlflowTag> tags)
    {
        var experiment = Experiment(asked.ExperimentId ?? "0");
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var named = tags.ToDictionary(tag => tag.Key, tag => tag.Value);
        var name = asked.RunName is { Length: > 0 } given ? given : named.GetValueOrDefault("mlflow.runName") is { Length: > 0 } tagged ? tagged : $"run-{id[..8]}";
        if (name.Length > Limits.LongestName) throw MlflowException.Invalid($"A run's name has at most {Limits.LongestName} characters.");
        named["mlflow.runName"] = name;
        var record = new ExternalRunRecord(id, name, experiment.ExperimentId, experiment.Name, asked.UserId ?? named.GetValueOrDefault("mlflow.user") ?? "", "RUNNING", asked.StartTime ?? Now(), null, [], named);
        lock (gate)
        {
            var run = ExternalRun.Create(Path.Combine(paths.Runs, ExternalRun.FolderName(id)), record, clock);
            open[id] = (run, ++uses);
            Evict();
            changes.Announce();
            return run.Describe();
        }
    }

    /// <summary>Does something with a run while nobody else does.</summary>
    /// <exception cref="MlflowException">There is no such run.</exception>
    internal T With<T>(string? id, Func<ExternalRun, T> work)
    {
        if (string.IsNullOrEmpty(id)) throw MlflowException.Invalid("Missing value for required parameter 'run_id'.");
        lock (gate) return work(Find(id) ?? throw MlflowException.Missing($"Run with id={id} not found"));
    }

    internal IReadOnlyList<MlflowRun> Runs()
    {
        lock (gate)
        {
            if (!Directory.Exists(paths.Runs)) return [];
            return [.. Directory.EnumerateDirectories(paths.Runs, ExternalRun.FolderPrefix + "*").Select(folder => Find(Path.GetFileName(folder)[ExternalRun.FolderPrefix.Length..])?.Describe()).OfType<MlflowRun>()];
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (run, _) in open.Values) run.Dispose();
            open.Clear();
        }
    }

    private ExternalRun? Find(string id)
    {
        // 32 hexadecimal digits and nothing else: what comes from outside becomes part of a path here.
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower)) return null;
        if (!open.TryGetValue(id, out var known))
        {
            if (ExternalRun.Open(Path.Combine(paths.Runs, ExternalRun.FolderName(id)), clock) is not { } run) return null;
            known.Run = run;
        }

        open[id] = (known.Run, ++uses);
        Evict();
        return known.Run;
    }

    private void Evict()
    {
        while (open.Count > OpenRuns)
        {
            var (id, (run, _)) = open.MinBy(entry => entry.Value.Used);
            open.Remove(id);
            run.Dispose();
        }
    }

    private string ExperimentFile => Path.Combine(paths.Runs, ".mlflow", "experiments.json");

    private List<MlflowExperiment> Known() => experiments ??= File.Exists(ExperimentFile)
        ? JsonSerializer.Deserialize<List<MlflowExperiment>>(File.ReadAllText(ExperimentFile), MlflowJson.Options)!
        : [New("0", DefaultName, [])];

    private void Keep(List<MlflowExperiment> all)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ExperimentFile)!);
        RunFolder.WriteWhole(ExperimentFile, JsonSerializer.Serialize(all, Written) + "\n");
        experiments = all;
    }

    private MlflowExperiment New(string id, string name, IReadOnlyList<MlflowTag> tags) => new(id, name, $"mlflow-artifacts:/{id}", "active", Now(), Now(), tags);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
