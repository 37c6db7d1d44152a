using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Tracking;

/// <summary>What the protocol knows about a run, kept as <c>mlflow.json</c> in its folder.</summary>
internal sealed record ExternalRunRecord(
    string RunId, string RunName, string ExperimentId, string Experiment, string UserId, string Status, long StartTime, long? EndTime, Dictionary<string, string> Params, Dictionary<string, string> Tags);

/// <summary>A run that a trainer elsewhere reports. Its folder looks like any other run's; <c>mlflow.json</c> beside it holds what only the protocol needs.</summary>
/// <remarks>Not for several threads at once; <see cref="ExternalRuns"/> locks it.</remarks>
internal sealed class ExternalRun : IDisposable
{
    public const string FolderPrefix = "mlflow-", RecordName = "mlflow.json";
    private const string Phase = "training";
    private const int RecentMetrics = 8192, MostSeries = 2000, MostTold = 500;
    private static readonly string[] StepCounts = ["max_steps", "trainer.total_training_steps", "total_training_steps", "trainer/total_training_steps"];
    private static readonly JsonSerializerOptions Written = new(MlflowJson.Options) { WriteIndented = true };

    private readonly RunFolder folder;
    private readonly TimeProvider clock;
    private readonly Dictionary<string, MlflowMetric> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> renamed = new(StringComparer.Ordinal);
    private readonly HashSet<MlflowMetric> recent = [];
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly Queue<MlflowMetric> order = [];
    private EventLog? log;

    private ExternalRun(RunFolder folder, ExternalRunRecord record, TimeProvider clock) => (this.folder, Record, this.clock) = (folder, record, clock);

    public ExternalRunRecord Record { get; private set; }

    public static string FolderName(string runId) => FolderPrefix + runId;

    public static ExternalRun Create(string path, ExternalRunRecord record, TimeProvider clock)
    {
        Directory.CreateDirectory(path);
        var run = new ExternalRun(RunFolder.At(path), record, clock);
        run.WriteRecord();
        run.folder.WriteStatus(RunFolder.Running);
        run.Log.Append("started", new JsonObject { ["reported_by"] = record.UserId });
        return run;
    }

    /// <returns>Null when the folder holds no such run.</returns>
    /// <exception cref="IOException">It is there but cannot be read.</exception>
    public static ExternalRun? Open(string path, TimeProvider clock)
    {
        var file = Path.Combine(path, RecordName);
        if (!File.Exists(file) || JsonSerializer.Deserialize<ExternalRunRecord>(File.ReadAllText(file), MlflowJson.Options) is not { } record) return null;
        var run = new ExternalRun(RunFolder.At(path), record, clock);
        run.Recall();
        return run;
    }

    public MlflowRun Describe() => new(
        new MlflowRunInfo(Record.RunId, Record.RunId, Record.RunName, Record.ExperimentId, Record.UserId, Record.Status, Record.StartTime, Record.EndTime,
            $"mlflow-artifacts:/{Record.ExperimentId}/{Record.RunId}/artifacts", "active"),
        new MlflowRunData([.. latest.Values], [.. Record.Params.Select(row => new MlflowTag(row.Key, row.Value))], [.. Record.Tags.Select(row => new MlflowTag(row.Key, row.Value))]));

    /// <summary>Writes metrics as events, those of one step and time together. What is sent again, as clients do when an answer was lost, is passed over.</summary>
    public void LogMetrics(IReadOnlyList<MlflowMetric> metrics)
    {
        var fresh = metrics.Where(metric => !recent.Contains(metric)).Distinct().ToList();
        if (latest.Count + fresh.Select(metric => metric.Key).Distinct().Count(key => !latest.ContainsKey(key)) > MostSeries)
            throw MlflowException.Invalid($"The run has {latest.Count} series; more than {MostSeries} are not taken.");
        var renamedBefore = renamed.Count;
        foreach (var step in fresh.GroupBy(metric => (metric.Step, metric.Timestamp, IsValidation: SeriesNames.IsValidation(metric.Key))))
        {
            var fields = new JsonObject { ["time"] = Time(step.Key.Timestamp), ["phase"] = Phase, ["step"] = step.Key.Step };
            if (Steps() is { } steps) fields["steps"] = steps;
            foreach (var metric in step)
            {
                var name = SeriesNames.Ours(metric.Key);
                // Never two series under one name: the first keeps it.
                if (name != metric.Key && (renamed.TryGetValue(name, out var source) ? source != metric.Key : latest.ContainsKey(name))) name = metric.Key;
                else if (name != metric.Key) renamed[name] = metric.Key;
                fields[Field(name)] = double.IsFinite(metric.Value) ? metric.Value : null;
            }

            Log.Append(step.Key.IsValidation ? "validation" : "step", fields);
            foreach (var metric in step) Remember(metric);
        }

        if (renamed.Count != renamedBefore) WriteDescription();
    }

    /// <exception cref="MlflowException">A parameter has another value already.</exception>
    public void LogParams(IReadOnlyList<MlflowTag> parameters)
    {
        foreach (var (key, value) in parameters)
            if (Record.Params.TryGetValue(key, out var before) && before != value)
                throw MlflowException.Invalid($"Changing param values is not allowed. Param with key='{key}' was already logged with value='{before}' for run ID='{Record.RunId}'. Attempted logging new value '{value}'.");
        if (parameters.All(parameter => Record.Params.ContainsKey(parameter.Key))) return;
        foreach (var (key, value) in parameters) Record.Params[key] = value;
        WriteRecord();
    }

    public void SetTags(IReadOnlyList<MlflowTag> tags)
    {
        foreach (var (key, value) in tags) Record.Tags[key] = value;
        if (tags.Count > 0) WriteRecord();
    }

    /// <exception cref="MlflowException">There is no such tag.</exception>
    public void DeleteTag(string? key)
    {
        if (key is null || !Record.Tags.Remove(key)) throw MlflowException.Missing($"No tag with name: {key} in run with id {Record.RunId}");
        WriteRecord();
    }

    /// <summary>Notes the data sets that the trainer says it reads.</summary>
    public void LogInputs(IReadOnlyList<MlflowDatasetInput> inputs)
    {
        foreach (var input in inputs.Take(Limits.TagsPerBatch))
            if (input.Dataset is { Name: { } name } data && told.Add($"input {name} {data.Digest}"))
                Log.Append("input", new JsonObject { ["dataset"] = Short(name), ["digest"] = Short(data.Digest ?? "") });
    }

    /// <summary>Notes, once for each name, that something was offered which this portal does not keep.</summary>
    /// <param name="what">artifact or model.</param>
    public void LogUnkept(string what, string name)
    {
        if (told.Count >= MostTold || !told.Add($"{what} {name}")) return;
        Log.Append($"{what}_not_kept", new JsonObject { ["name"] = Short(name) });
    }

    /// <summary>All values of one metric, in the order in which they came.</summary>
    public IReadOnlyList<MlflowMetric> History(string key)
    {
        var metrics = new List<MlflowMetric>();
        var reader = new RunEventReader(folder.EventFile);
        while (reader.Read() is { Count: > 0 } events)
            foreach (var past in events.Where(past => past.Step is not null))
                foreach (var (field, value) in past.Values)
                    if (KeyOf(field) == key) metrics.Add(new MlflowMetric(key, value ?? double.NaN, past.Time.ToUnixTimeMilliseconds(), past.Step!.Value));
        return metrics;
    }

    public void Update(string? status, long? endTime, string? name)
    {
        var before = Record.Status;
        Record = Record with { Status = status ?? before, EndTime = endTime ?? Record.EndTime, RunName = string.IsNullOrEmpty(name) ? Record.RunName : name };
        WriteRecord();
        if (Record.Status == before) return;
        var (kind, state) = Record.Status switch
        {
            "FINISHED" => ("completed", RunFolder.Completed),
            "FAILED" => ("failed", RunFolder.Failed),
            "KILLED" => ("stopped", RunFolder.Stopped),
            _ => ("resumed", RunFolder.Running),
        };
        Log.Append(kind, kind == "failed" ? new JsonObject { ["error"] = "The trainer reported that the run failed; its own log says why." } : []);
        folder.WriteStatus(state);
    }

    public void Dispose() => log?.Dispose();

    private EventLog Log => log ??= new EventLog(folder.EventFile, clock);

    private long? Steps() => StepCounts.Select(name => Record.Params.GetValueOrDefault(name)).Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).FirstOrDefault(count => count > 0) is > 0 and var steps ? steps : null;

    /// <summary>A metric must not pass for one of the fields that every event has.</summary>
    private static string Field(string name) => name is "sequence" or "time" or "kind" or "phase" or "step" or "steps" or "process" ? $"metric/{name}" : name;

    private static string Time(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("O", CultureInfo.InvariantCulture);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw MlflowException.Invalid($"The timestamp {milliseconds} is no time in milliseconds since 1970.");
        }
    }

    private void Remember(MlflowMetric metric)
    {
        if (!latest.TryGetValue(metric.Key, out var last) || (metric.Step, metric.Timestamp).CompareTo((last.Step, last.Timestamp)) >= 0) latest[metric.Key] = metric;
        if (!recent.Add(metric)) return;
        order.Enqueue(metric);
        if (order.Count > RecentMetrics) recent.Remove(order.Dequeue());
    }

    /// <summary>Reads the run's own log: after a restart of the portal the same metrics are known as before.</summary>
    private void Recall()
    {
        foreach (var (name, source) in (folder.Description["renamed"] as JsonObject)?.Select(row => (row.Key, (string)row.Value!)) ?? []) renamed[name] = source;
        var reader = new RunEventReader(folder.EventFile);
        while (reader.Read() is { Count: > 0 } events)
            foreach (var past in events.Where(past => past.Step is not null))
                foreach (var (field, value) in past.Values)
                    Remember(new MlflowMetric(KeyOf(field), value ?? double.NaN, past.Time.ToUnixTimeMilliseconds(), past.Step!.Value));
    }

    /// <summary>The trainer's own name of a metric.</summary>
    private string KeyOf(string field)
    {
        var name = field.StartsWith("metric/", StringComparison.Ordinal) ? field["metric/".Length..] : field;
        return renamed.GetValueOrDefault(name, name);
    }

    private static string Short(string text) => text.Length <= Limits.LongestName ? text : text[..Limits.LongestName];

    private void WriteRecord()
    {
        RunFolder.WriteWhole(Path.Combine(folder.Path, RecordName), JsonSerializer.Serialize(Record, Written) + "\n");
        WriteDescription();
    }

    private void WriteDescription()
    {
        var description = new JsonObject
        {
            ["kind"] = "external", ["name"] = Record.RunName, ["stage"] = Record.Tags.GetValueOrDefault("stage"), ["parent"] = Parent(), ["seed"] = Number("seed"), ["device"] = Runs.RunCatalog.Elsewhere,
            ["reported"] = new JsonObject { ["protocol"] = "MLflow 2.0", ["experiment"] = Record.Experiment, ["run"] = Record.RunId, ["user"] = Record.UserId },
            ["parameters"] = new JsonObject(Record.Params.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value))),
            ["renamed"] = new JsonObject(renamed.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value))),
        };
        RunFolder.WriteWhole(Path.Combine(folder.Path, "run.json"), description.ToJsonString(Written) + "\n");
    }

    private string? Parent() => Record.Params.GetValueOrDefault("_name_or_path") ?? Record.Params.GetValueOrDefault("model_name_or_path") ?? Record.Params.GetValueOrDefault("actor_rollout_ref.model.path");

    private long? Number(string name) => long.TryParse(Record.Params.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
