using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Portal.Tests.Features.Training;

/// <summary>Writes run folders in the form that training writes them.</summary>
internal sealed class RunFolderWriter
{
    private static readonly DateTimeOffset Begun = new(2026, 11, 23, 11, 0, 0, TimeSpan.Zero);
    private long sequence;

    public RunFolderWriter(string runs, string id, string kind = "grpo", string status = "completed", string data = "fer-au")
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(runs, id)).FullName;
        File.WriteAllText(In("run.json"), new JsonObject { ["kind"] = kind, ["stage"] = kind, ["data"] = data, ["seed"] = 11, ["parent"] = "mini-sft" }.ToJsonString());
        File.WriteAllText(In("status"), status + "\n");
    }

    public string Path { get; }

    public string In(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>One second after the event before.</summary>
    public RunFolderWriter Event(string kind, long? step = null, string? phase = "grpo", params (string Name, double? Value)[] values)
    {
        var line = new JsonObject { ["sequence"] = ++sequence, ["time"] = (Begun + TimeSpan.FromSeconds(sequence)).ToString("O", CultureInfo.InvariantCulture), ["kind"] = kind };
        if (step is not null) (line["phase"], line["step"], line["steps"]) = (phase, step, 1000);
        foreach (var (name, value) in values) line[name] = value;
        File.AppendAllText(In("events.jsonl"), line.ToJsonString() + "\n");
        return this;
    }

    public RunFolderWriter Steps(int count, Func<int, (string Name, double? Value)[]> values, int from = 1)
    {
        for (var step = from; step < from + count; step++) Event("step", step, "grpo", values(step));
        return this;
    }

    public RunFolderWriter Rollout(long step, string sample, params double[] rewards) => Rollout(step, sample, "happiness", rewards);

    public RunFolderWriter Rollout(long step, string sample, string label, params double[] rewards) => Rollout(step, sample, label, null, rewards);

    /// <param name="credit">What naming a unit earned, by code; null for runs that judge completions as a whole.</param>
    public RunFolderWriter Rollout(long step, string sample, string label, Dictionary<string, double>? credit, double[] rewards)
    {
        var mean = rewards.Average();
        Append("rollouts.jsonl", new
        {
            phase = "grpo", step, sample, image = $"train/{sample}.png", emotion = label, actionUnits = new[] { "AU6", "AU12" },
            completions = rewards.Select(reward => new
            {
                text = "<think>The lip corners are pulled up (AU12) and <b>AU4</b>.</think>\n<answer>happiness</answer>", tokens = 57, truncated = false,
                rewards = new { format = 1, accuracy = 1, au = reward - 2 }, reward, advantage = reward - mean, actionUnits = new[] { "AU4", "AU12" }, answer = "happiness", unitCredit = credit,
            }),
        });
        return this;
    }

    public RunFolderWriter Attempt(string sample, int attempt, bool accepted, string emotion = "happiness", int round = 1, params string[] reasons)
    {
        Append("synthesis.jsonl", new
        {
            round, sample, image = $"train/{sample}.png", emotion, actionUnits = new[] { "AU6", "AU12" }, attempt, temperature = attempt == 1 ? 0 : 0.8, seed = 5,
            text = $"<think>Attempt {attempt}: the cheeks are raised (AU6) and the lip corners are pulled up (AU12).</think>\n<answer>{emotion}</answer>",
            accepted, reasons, checkpoint = "0123456789abcdef", prompt = "facial-r1/compact/1", parser = "reasoning-parser/1",
        });
        return this;
    }

    /// <summary>A data set with one picture.</summary>
    public static string DataSet(string folder, string entry)
    {
        Directory.CreateDirectory(folder);
        using var zip = ZipFile.Open(System.IO.Path.Combine(folder, "train.zip"), ZipArchiveMode.Create);
        using var file = zip.CreateEntry(entry).Open();
        file.Write(PortalFolder.Picture(90));
        return folder;
    }

    private void Append(string file, object line) => File.AppendAllText(In(file), JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + "\n");
}
