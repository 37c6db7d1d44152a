using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Checkpoints;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Inference;

public sealed class CheckpointTests
{
    [Fact]
    public void The_catalog_lists_what_is_on_disk_with_title_and_parameters()
    {
        using var folder = new PortalFolder();
        Assert.Empty(new CheckpointCatalog(folder.Paths).All());
        folder.AddCheckpoint("mini", "# Facial-R1 Mini\n\nText.");
        folder.AddCheckpoint("another", card: "no heading");
        Directory.CreateDirectory(Path.Combine(folder.Paths.Checkpoints, "not a checkpoint"));

        var all = new CheckpointCatalog(folder.Paths).All();

        Assert.Equal(["another", "mini"], all.Select(entry => entry.Name));
        Assert.Equal(["another", "Facial-R1 Mini"], all.Select(entry => entry.Title));
        Assert.All(all, entry => Assert.Equal((6L, (string?)null), (entry.Parameters!.Value, entry.Problem)));
        Assert.Equal("mini", all.DefaultChoice()!.Name);

        folder.AddCheckpoint("mini-synthesis");
        Assert.Equal("mini-synthesis", new CheckpointCatalog(folder.Paths).All().DefaultChoice()!.Name);
    }

    [Theory]
    [InlineData(null, "no model.safetensors")]
    [InlineData("short", "model.safetensors")]
    [InlineData("a text that is long enough to be read as a header length", "model.safetensors")]
    public void A_broken_checkpoint_is_listed_with_its_problem_and_cannot_be_used(string? weights, string problem)
    {
        using var folder = new PortalFolder();
        folder.AddCheckpoint("mini");
        var file = Path.Combine(folder.Paths.Checkpoints, "mini", "model.safetensors");
        if (weights is null) File.Delete(file);
        else File.WriteAllText(file, weights);
        var catalog = new CheckpointCatalog(folder.Paths);

        Assert.Contains(problem, catalog.All().Single().Problem, StringComparison.Ordinal);
        Assert.Empty(catalog.Usable());
        var pool = new ModelPool(catalog, ScriptedModel.Answering(""), Options.Create(new InferenceOptions()));
        Assert.Throws<ModelUnavailableException>(() => pool.Rent("mini"));
    }

    [Theory]
    [InlineData("../mini")]
    [InlineData("nothing")]
    [InlineData("")]
    public void A_name_that_is_not_in_the_list_finds_nothing(string name)
    {
        using var folder = new PortalFolder();
        folder.AddCheckpoint("mini");
        Assert.Null(new CheckpointCatalog(folder.Paths).Find(name));
    }

    [Fact]
    public async Task The_hash_is_that_of_the_checkpoint_and_follows_a_change()
    {
        using var folder = new PortalFolder();
        folder.AddCheckpoint("mini");
        var catalog = new CheckpointCatalog(folder.Paths);
        var file = Path.Combine(folder.Paths.Checkpoints, "mini", "model.safetensors");
        var entry = catalog.Find("mini")!;

        var before = await catalog.HashAsync(entry, CancellationToken.None);
        Assert.Equal(CheckpointChecksum.Compute(entry.Folder!, CancellationToken.None), before);
        await File.AppendAllTextAsync(file, "more");
        Assert.NotEqual(before, await catalog.HashAsync(entry, CancellationToken.None));
    }

    [Fact]
    public async Task The_pool_keeps_the_models_used_last_and_never_takes_one_in_use()
    {
        using var folder = new PortalFolder();
        foreach (var name in (string[])["a", "b", "c"]) folder.AddCheckpoint(name);
        var factory = new CountingFactory();
        await using var pool = new ModelPool(new CheckpointCatalog(folder.Paths), factory, Options.Create(new InferenceOptions { LoadedCheckpoints = 2 }));

        var a = pool.Rent("a");
        await pool.Rent("b").DisposeAsync();
        await pool.Rent("c").DisposeAsync();
        Assert.Equal(["b"], factory.Disposed);          // "a" is older but in use

        await pool.Rent("a").DisposeAsync();
        await a.DisposeAsync();
        await pool.Rent("b").DisposeAsync();
        Assert.Equal(["b", "c"], factory.Disposed);
        Assert.Equal(["a", "b", "c", "b"], factory.Created);
    }

    private sealed class CountingFactory : IReasoningModelFactory
    {
        public List<string> Created { get; } = [];
        public List<string> Disposed { get; } = [];

        public IReasoningModel Create(CheckpointEntry checkpoint)
        {
            Created.Add(checkpoint.Name);
            return new Model(() => Disposed.Add(checkpoint.Name));
        }

        public Task<ModelIdentity> IdentifyAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

        private sealed class Model(Action leave) : IReasoningModel, IDisposable
        {
            public IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
            public void Dispose() => leave();
        }
    }
}
