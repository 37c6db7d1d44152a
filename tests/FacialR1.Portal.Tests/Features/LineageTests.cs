using Bunit;
using CsCheck;
using FacialR1.Portal.Features.Checkpoints;
using FacialR1.Portal.Tests.Hosting;

namespace FacialR1.Portal.Tests.Features;

public sealed class LineageTests : ComponentTest
{
    private static Lineage Made(string name, string? parent, int round = 0) => new(name, "sft", round, parent, null, null, null);

    [Fact]
    public void Every_checkpoint_has_a_place_of_its_own_right_of_its_parent_whatever_names_whom() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[-1, 14].Array[12]).Sample((count, parents) =>
        {
            var lineages = Enumerable.Range(0, count).Select(index => Made($"c{index}", parents[index] < 0 ? null : $"c{parents[index]}")).ToList();
            var graph = LineageGraph.Of(lineages);

            Assert.All(lineages, lineage => Assert.NotNull(graph.Find(lineage.Name)));
            Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(node => (node.Column, node.Row)).Distinct().Count());
            Assert.All(graph.Edges, edge => Assert.Equal(edge.From.Column + 1, edge.To.Column));
        });

    [Fact]
    public void The_stages_stand_in_one_line_and_a_parent_that_is_not_here_is_shown_as_absent()
    {
        var graph = LineageGraph.Of([Made("grpo", "sft"), Made("base", null), Made("sft", "base"), Made("s1", "grpo", 1), Made("orphan", "lost")]);

        Assert.Equal([("base", 0, 0), ("sft", 1, 0), ("grpo", 2, 0), ("s1", 3, 0)], graph.Nodes.Where(node => node.Row == 0).Select(node => (node.Name, node.Column, node.Row)));
        Assert.Null(graph.Find("lost")!.Lineage);
    }

    [Fact]
    public void The_page_shows_scores_with_interval_and_n_and_the_change_against_the_parent()
    {
        Folder.AddCheckpoint("base");
        Folder.AddCheckpoint("sft");
        foreach (var (name, parent, value) in new[] { ("base", "null", "0.2"), ("sft", "\"base\"", "0.5") })
            File.WriteAllText(Path.Combine(Folder.Paths.Checkpoints, name, "lineage.json"),
                $$$"""{"name":"{{{name}}}","stage":"{{{name}}}","round":0,"parent":{{{parent}}},"run":"r1","consumed":[{"what":"photos","stage":"sft","n":600}],"scores":[{"split":"val","n":4846,"emotionAccuracy":{"value":{{{value}}},"low":0.1,"high":0.6}}]}""");
        var page = Render<CheckpointsPage>();

        var row = page.FindAll("section[aria-labelledby=lineage-title] tbody tr")[1].TextContent;
        Assert.Contains("0.500 (+0.300) [0.100, 0.600]", row, StringComparison.Ordinal);
        Assert.Contains("val, 4,846", row, StringComparison.Ordinal);
        Assert.Contains("600 photos", row, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll(".lineage a").Count);
    }

    [Fact]
    public void A_lineage_that_cannot_be_read_is_said_and_hides_nothing_else()
    {
        Folder.AddCheckpoint("mini");
        File.WriteAllText(Path.Combine(Folder.Paths.Checkpoints, "mini", "lineage.json"), "{");
        var page = Render<CheckpointsPage>();

        Assert.Contains("lineage.json of mini cannot be read", page.Markup, StringComparison.Ordinal);
        Assert.Single(page.FindAll(".checkpoint"));
    }

    [SkippableFact]
    public async Task A_folder_is_added_only_when_everything_in_it_fits()
    {
        var mini = Path.Combine(PortalFactory.RepositoryRoot(), "data", "checkpoints", "mini");
        Skip.IfNot(File.Exists(Path.Combine(mini, "model.safetensors")), "The embedded checkpoint data/checkpoints/mini is not there.");
        var folder = Directory.CreateDirectory(Path.Combine(Folder.Paths.Imports, "guest")).FullName;
        foreach (var file in Directory.EnumerateFiles(mini)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var (import, config) = (Service<CheckpointImport>(), Path.Combine(folder, "config.json"));
        var whole = File.ReadAllText(config);

        File.Delete(Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(config, whole.Replace("\"num_hidden_layers\": ", "\"num_hidden_layers\": 1", StringComparison.Ordinal));
        var broken = await import.AddAsync("guest", CancellationToken.None);
        Assert.Contains(broken.Faults, fault => fault.Contains("tokenizer.json is missing", StringComparison.Ordinal));
        Assert.True(broken.Faults.Count > 1, "The tensors that the wrong configuration asks for are missing too.");
        Assert.True(Directory.Exists(folder));

        File.WriteAllText(config, whole);
        File.Copy(Path.Combine(mini, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        Assert.Empty((await import.AddAsync("guest", CancellationToken.None)).Faults);
        Assert.True(Directory.Exists(Path.Combine(Folder.Paths.Checkpoints, "guest")));
        Assert.Empty(import.Candidates());
    }

    [Theory]
    [InlineData("../checkpoints")]
    [InlineData("/etc")]
    [InlineData("nothing")]
    public async Task Only_what_lies_in_the_imports_folder_can_be_named(string name)
    {
        Directory.CreateDirectory(Folder.Paths.Imports);
        Assert.Contains("does not lie in", Assert.Single((await Service<CheckpointImport>().CheckAsync(name, CancellationToken.None)).Faults), StringComparison.Ordinal);
    }
}
