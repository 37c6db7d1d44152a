using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Grpo;

/// <summary>Appends prompt groups to <c>rollouts.jsonl</c> of a run, so that every point of a reward curve can be opened.</summary>
public sealed class RolloutLog(string file, string phase)
{
    /// <summary>Beside the codes of units: what a completion earned by naming no more (<see cref="UnitCredit.AmongSiblings"/>).</summary>
    public const string EndOfUnits = "end";

    /// <summary>Forgets what was written after <paramref name="step"/>: a resumed run writes it again. A line cut short by a kill goes too.</summary>
    public void CutAfter(long step)
    {
        if (!File.Exists(file)) return;
        var unfinished = $"{file}.partial";
        using (var kept = new StreamWriter(unfinished))
            foreach (var line in File.ReadLines(file))
                if (StepOf(line) is { } at && at <= step) kept.Write(line + "\n");
        File.Move(unfinished, file, overwrite: true);
    }

    /// <param name="step">Counted from 1, as in the events.</param>
    public void Append(long step, IEnumerable<PromptGroup> groups) =>
        File.AppendAllText(file, string.Concat(groups.Select(group => Line(step, group).ToJsonString(JsonSerializerOptions.Default) + "\n")));

    private JsonObject Line(long step, PromptGroup group) => new()
    {
        ["phase"] = phase, ["step"] = step, ["sample"] = group.Sample.Id, ["image"] = group.Sample.Image,
        ["emotion"] = group.Sample.Emotion?.ToString().ToLowerInvariant(), ["actionUnits"] = group.Sample.ActionUnits is { } units ? Codes(units) : null,
        ["completions"] = new JsonArray([.. group.Completions.Select(completion => (JsonNode)Fields(completion))]),
    };

    private static JsonObject Fields(Completion completion)
    {
        var fields = new JsonObject
        {
            ["text"] = completion.Trace.Text, ["tokens"] = completion.Ids.Count, ["truncated"] = completion.IsTruncated,
            ["rewards"] = new JsonObject(completion.Reward.Parts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)Math.Round(part.Value, 4)))),
            ["reward"] = Math.Round(completion.Reward.Total, 4), ["advantage"] = Math.Round(completion.Advantage, 4),
            ["actionUnits"] = Codes(completion.Trace.ActionUnits), ["answer"] = completion.Trace.Emotion?.ToString().ToLowerInvariant(),
        };
        if (completion.Credits.Count > 0)
            fields["unitCredit"] = new JsonObject(completion.Credits.Select(credit => KeyValuePair.Create(credit.Unit is { } unit ? $"AU{unit}" : EndOfUnits, (JsonNode?)Math.Round(credit.Advantage, 4))));
        return fields;
    }

    private static JsonArray Codes(IEnumerable<int> units) => [.. units.Select(unit => (JsonNode)$"AU{unit}")];

    private static long? StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["step"]?.GetValue<long>();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
