using System.Text.Json.Nodes;
using CsCheck;
using FacialR1.Training.Runs;

namespace FacialR1.Training.Tests.Runs;

public sealed class ConfigurationDiffTests
{
    [Fact]
    public void Changed_added_and_removed_places_are_named()
    {
        var before = JsonNode.Parse("""{"seed":11,"phases":{"text":{"epochs":3,"batch":64}},"layers":[1,2],"gone":null}""");
        var after = JsonNode.Parse("""{"seed":11,"phases":{"text":{"epochs":4,"batch":64.0},"tail":{}},"layers":[1,5,6],"a.b":true}""");
        Assert.Equal(
        [
            new("phases.text.epochs", "3", "4"), new("phases.tail", null, "{}"), new("layers[1]", "2", "5"), new("layers[2]", null, "6"), new(@"a\.b", null, "true"), new("gone", "null", null),
        ], ConfigurationDiff.Between(before, after));
    }

    [Fact]
    public void A_configuration_does_not_differ_from_itself_and_differences_mirror() => Gen.Select(Trees, Trees).Sample(pair =>
    {
        var (before, after) = (JsonNode.Parse(pair.Item1), JsonNode.Parse(pair.Item2));
        Assert.Empty(ConfigurationDiff.Between(before, before?.DeepClone()));
        var (there, back) = (ConfigurationDiff.Between(before, after), ConfigurationDiff.Between(after, before));
        Assert.Equal(there.Select(change => (change.Path, change.Before, change.After)).Order(), back.Select(change => (change.Path, change.After, change.Before)).Order());
        Assert.Equal(JsonNode.DeepEquals(before, after), there.Count == 0);
    }, iter: 300);

    private static Gen<string> Trees => Gen.Recursive<string>((depth, tree) => depth > 2
        ? Leaves
        : Gen.OneOf(Leaves, tree.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"), tree.Array[0, 3].Select(items => $"{{{string.Join(',', items.Select((item, index) => $"\"{(char)('a' + index)}\":{item}"))}}}")));

    private static readonly string[] LeafTexts = ["1", "2.5", "true", "null", "\"x\"", "{}", "[]"];

    private static Gen<string> Leaves => Gen.Int[0, LeafTexts.Length - 1].Select(index => LeafTexts[index]);
}
