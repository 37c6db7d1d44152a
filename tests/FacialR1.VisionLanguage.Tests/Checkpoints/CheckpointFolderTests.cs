using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saving_and_loading_gives_the_same_logits(bool tieEmbeddings)
    {
        using var model = TinyModel.Create(TinyModel.Options(tieEmbeddings));
        CheckpointWriter.Save(folder.Path, model, CheckpointFiles.For(model.Options));
        using var loaded = Load(folder.Path);
        var prompt = TinyPrompt.Of(model.Options, seed: 1, new PatchGrid(1, 4, 6));
        Assert.True(prompt.Logits(model).IsExactly(prompt.Logits(loaded)));
        Assert.False(loaded.training);
    }

    [Theory]
    [InlineData(ScalarType.Float16, "float16")]
    [InlineData(ScalarType.BFloat16, "bfloat16")]
    public void A_16_bit_checkpoint_is_half_as_large_and_loads_in_either_width(ScalarType type, string typeName)
    {
        using var model = TinyModel.Create();
        CheckpointWriter.Save(folder.Path, model, CheckpointFiles.For(model.Options), type);
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        Assert.Equal(2 * ParameterInventory.Count(model.Options).Total, checkpoint.ByteCount);
        Assert.Equal(type, checkpoint.StoredType);
        Assert.Contains($"\"torch_dtype\": \"{typeName}\"", File.ReadAllText(folder.File("config.json")));

        foreach (var wanted in (ScalarType?[])[null, ScalarType.Float32])
        {
            using var loaded = checkpoint.LoadModel(wanted, CPU, null, CancellationToken.None);
            foreach (var (stored, original) in loaded.named_parameters().Zip(model.named_parameters()))
            {
                Assert.Equal(wanted ?? type, stored.parameter.dtype);
                Assert.True(stored.parameter.IsExactly(original.parameter.to(type).to(stored.parameter.dtype)));
            }
        }
    }

    [Fact]
    public void Newer_names_load_as_the_published_ones()
    {
        using var model = TinyModel.Create();
        var renamed = model.named_parameters().Select(pair => (pair.name.StartsWith("visual.") ? $"model.{pair.name}" : pair.name.Replace("model.", "model.language_model."), pair.parameter));
        CheckpointWriter.Save(folder.Path, renamed, CheckpointFiles.For(model.Options));
        using var loaded = Load(folder.Path);
        AssertSameWeights(model, loaded);
    }

    [Fact]
    public void A_tied_checkpoint_may_carry_a_head_that_is_ignored()
    {
        using var model = TinyModel.Create();
        var head = ("lm_head.weight", full([64, 32], 9f));
        CheckpointWriter.Save(folder.Path, model.named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter)).Append(head), CheckpointFiles.For(model.Options));
        using var loaded = Load(folder.Path);
        AssertSameWeights(model, loaded);
    }

    [Fact]
    public void A_tied_checkpoint_fills_the_head_of_an_untied_module_with_its_embedding()
    {
        TinyModel.Save(folder.Path);
        using var untied = TinyModel.Create(TinyModel.Options(tieEmbeddings: false), seed: 2);
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        checkpoint.LoadInto(untied, null, CancellationToken.None);
        var parameters = untied.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Assert.True(parameters["lm_head.weight"].IsExactly(parameters["model.embed_tokens.weight"]));
        Assert.True(parameters["lm_head.weight"].IsExactly(checkpoint.Read("model.embed_tokens.weight")));
    }

    [Fact]
    public void Shards_load_as_one()
    {
        using var model = TinyModel.Create();
        WriteShards(model, "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        using var loaded = Load(folder.Path);
        AssertSameWeights(model, loaded);
    }

    [Fact]
    public void Progress_ends_at_the_whole()
    {
        TinyModel.Save(folder.Path);
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        var told = new List<LoadProgress>();
        using var loaded = checkpoint.LoadModel(null, null, new Listener(told), CancellationToken.None);
        Assert.Equal(checkpoint.Names.Count(), told.Count);
        Assert.Equal(checkpoint.ByteCount, told[^1].BytesRead);
        Assert.Equal(1, told[^1].Fraction);
        Assert.True(told.Zip(told.Skip(1)).All(pair => pair.First.BytesRead < pair.Second.BytesRead));
    }

    [Fact]
    public void Loading_stops_when_asked()
    {
        TinyModel.Save(folder.Path);
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        Assert.Throws<OperationCanceledException>(() => checkpoint.LoadModel(null, null, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Loading_leaves_only_the_parameters_behind()
    {
        TinyModel.Save(folder.Path, storeAs: ScalarType.Float16);
        using var model = TinyModel.Create();
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() =>
        {
            using var checkpoint = CheckpointFolder.Open(folder.Path);
            checkpoint.LoadInto(model, null, CancellationToken.None);
        }));
    }

    [Fact]
    public void Building_a_model_leaves_exactly_its_parameters_and_disposing_it_none()
    {
        TinyModel.Save(folder.Path, storeAs: ScalarType.BFloat16);
        Qwen25VlModel? loaded = null;
        Assert.Equal(ParameterInventory.Of(TinyModel.Options()).Count(), LeakCheck.TensorsLeftBy(() => loaded = Load(folder.Path)));
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() => Load(folder.Path).Dispose()));
        loaded!.Dispose();
    }

    [Fact]
    public void A_model_loaded_inside_a_dispose_scope_outlives_it()
    {
        TinyModel.Save(folder.Path);
        Qwen25VlModel loaded;
        using (NewDisposeScope()) loaded = Load(folder.Path);
        Assert.Equal(ParameterInventory.Of(TinyModel.Options()).Select(parameter => parameter.Name).Order(), loaded.named_parameters().Select(pair => pair.name).Order());
        Assert.Equal(64, TinyPrompt.Of(loaded.Options, seed: 1, new PatchGrid(1, 2, 4)).Logits(loaded).shape[^1]);
        loaded.Dispose();
    }

    [Fact]
    public void Loading_does_not_count_as_training()
    {
        TinyModel.Save(folder.Path);
        using var loaded = Load(folder.Path);
        Assert.All(loaded.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf && parameter.grad is null));
    }

    [Fact]
    public void Saving_copies_the_companions_and_adapts_the_configuration_only()
    {
        TinyModel.Save(folder.Path);
        foreach (var name in (string[])["tokenizer.json", "preprocessor_config.json", "generation_config.json"]) File.WriteAllText(folder.File(name), $$"""{"name":"{{name}}"}""");
        File.WriteAllText(folder.File("model-card.md"), "belongs to the first one");
        using var target = new TemporaryFolder();
        using var model = Load(folder.Path);
        CheckpointWriter.Save(target.Path, model, CheckpointFiles.From(folder.Path), ScalarType.BFloat16);

        Assert.Equal(["config.json", "generation_config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json"],
            Directory.GetFiles(target.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("""{"name":"tokenizer.json"}""", File.ReadAllText(target.File("tokenizer.json")));
        var (before, after) = (JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!, JsonNode.Parse(File.ReadAllText(target.File("config.json")))!);
        Assert.Equal("bfloat16", after["torch_dtype"]!.GetValue<string>());
        after["torch_dtype"] = "float32";
        Assert.True(JsonNode.DeepEquals(before, after));
    }

    [Fact]
    public void Saving_over_a_sharded_checkpoint_leaves_no_old_shard()
    {
        using var model = TinyModel.Create();
        WriteShards(model, "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        CheckpointWriter.Save(folder.Path, model, CheckpointFiles.From(folder.Path));
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Saving_without_a_configuration_is_refused()
    {
        using var model = TinyModel.Create();
        var error = Assert.Throws<ArgumentException>(() => CheckpointWriter.Save(folder.Path, model, CheckpointFiles.None));
        Assert.Contains("needs config.json", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_written_configuration_reads_back_as_the_same_architecture(bool tieEmbeddings)
    {
        var options = TinyModel.Options(tieEmbeddings);
        File.WriteAllText(folder.File("config.json"), CheckpointConfig.ToJson(options));
        Assert.Equal(JsonSerializer.Serialize(options), JsonSerializer.Serialize(Qwen25VlOptions.Load(folder.Path)));
    }

    [Fact]
    public void The_checksum_is_what_the_shell_computes()
    {
        // printf 'a' > config.json; printf 'b' > model.safetensors; printf 'c' > preprocessor_config.json; printf 'd' > tokenizer.json
        // sha256sum config.json model.safetensors preprocessor_config.json tokenizer.json | sha256sum
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("config.json", "a"), ("model.safetensors", "b"), ("preprocessor_config.json", "c"), ("tokenizer.json", "d")])
            File.WriteAllText(folder.File(name), text);
        Assert.Equal("aba255cd96a1499f49f797fe9858433ea37e92dbc2cc48e6913b571631fab55e", CheckpointChecksum.Compute(folder.Path, CancellationToken.None));
    }

    [Fact]
    public void The_checksum_changes_with_the_weights_and_not_with_the_card()
    {
        TinyModel.Save(folder.Path, seed: 1);
        var first = CheckpointChecksum.Compute(folder.Path, CancellationToken.None);
        File.WriteAllText(folder.File("model-card.md"), "Better every day.");
        Assert.Equal(first, CheckpointChecksum.Compute(folder.Path, CancellationToken.None));
        TinyModel.Save(folder.Path, seed: 2);
        Assert.NotEqual(first, CheckpointChecksum.Compute(folder.Path, CancellationToken.None));
        TinyModel.Save(folder.Path, seed: 1);
        Assert.Equal(first, CheckpointChecksum.Compute(folder.Path, CancellationToken.None));
    }

    internal static Qwen25VlModel Load(string path)
    {
        using var checkpoint = CheckpointFolder.Open(path);
        return checkpoint.LoadModel(null, null, null, CancellationToken.None);
    }

    private void WriteShards(Qwen25VlModel model, params string[] shards)
    {
        File.WriteAllText(folder.File("config.json"), CheckpointConfig.ToJson(model.Options));
        var map = new JsonObject();
        foreach (var (shard, parameters) in shards.Zip(model.named_parameters().Chunk((model.named_parameters().Count() + shards.Length - 1) / shards.Length)))
        {
            SafetensorsWriter.Write(folder.File(shard), parameters);
            foreach (var (name, _) in parameters) map[name] = shard;
        }

        File.WriteAllText(folder.File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    private static void AssertSameWeights(Qwen25VlModel expected, Qwen25VlModel found)
    {
        foreach (var (a, b) in expected.named_parameters().Zip(found.named_parameters()))
        {
            Assert.Equal(a.name, b.name);
            Assert.True(a.parameter.IsExactly(b.parameter), $"{a.name} differs");
        }
    }

    private sealed class Listener(List<LoadProgress> told) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => told.Add(value);
    }
}
