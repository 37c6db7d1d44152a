using System.Globalization;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>One place where two configurations differ.</summary>
/// <param name="Path">Names joined by dots, positions in brackets: <c>phases.text.epochs</c>, <c>data[1]</c>.</param>
/// <param name="Before">JSON text; null where the place is new.</param>
/// <param name="After">JSON text; null where the place is gone.</param>
public sealed record ConfigurationChange(string Path, string? Before, string? After);

/// <summary>What changed from one configuration to the next.</summary>
public static class ConfigurationDiff
{
    /// <summary>The leaves that differ, in the order of <paramref name="after"/>, then what is gone. Empty exactly when both say the same.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(JsonNode? before, JsonNode? after)
    {
        var (old, now) = (Leaves(before), Leaves(after));
        var changes = new List<ConfigurationChange>();
        foreach (var (path, value) in now)
        {
            var was = old.GetValueOrDefault(path);
            if (was is null || !JsonNode.DeepEquals(was.Node, value.Node)) changes.Add(new ConfigurationChange(path, was?.Text, value.Text));
        }

        changes.AddRange(old.Where(leaf => !now.ContainsKey(leaf.Key)).Select(leaf => new ConfigurationChange(leaf.Key, leaf.Value.Text, null)));
        return changes;
    }

    private static OrderedDictionary<string, Leaf> Leaves(JsonNode? root)
    {
        var leaves = new OrderedDictionary<string, Leaf>(StringComparer.Ordinal);
        Collect(root, "", leaves);
        return leaves;
    }

    private static void Collect(JsonNode? node, string path, OrderedDictionary<string, Leaf> leaves)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } branch:
                foreach (var (name, child) in branch) Collect(child, path.Length == 0 ? Escape(name) : $"{path}.{Escape(name)}", leaves);
                break;
            case JsonArray { Count: > 0 } list:
                for (var index = 0; index < list.Count; index++) Collect(list[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), leaves);
                break;
            default:
                leaves[path] = new Leaf(node, node?.ToJsonString() ?? "null");
                break;
        }
    }

    /// <summary>A dot or bracket inside a name must not look like a step down.</summary>
    private static string Escape(string name) => name.AsSpan().IndexOfAny('.', '[', '\\') < 0
        ? name
        : name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(".", @"\.", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);

    private sealed record Leaf(JsonNode? Node, string Text);
}
