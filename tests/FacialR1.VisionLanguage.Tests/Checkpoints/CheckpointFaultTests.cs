using System.Text.Json.Nodes;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

/// <summary>Folders that cannot be loaded: every message names the file, the tensor and what was expected.</summary>
public sealed class CheckpointFaultTests : IDisposable
{
    private const string Norm = "model.norm.weight", Query = "model.layers.1.self_attn.q_proj.weight";
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> weights = [];

    public CheckpointFaultTests()
    {
        using var model = TinyModel.Create();
        foreach (var (name, parameter) in model.named_parameters()) weights[name] = parameter.detach().clone();
        File.WriteAllText(folder.File("config.json"), CheckpointConfig.ToJson(model.Options));
    }

    private string Weights => folder.File("model.safetensors");

    private string Index => folder.File("model.safetensors.index.json");

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_missing_tensor_is_named_with_its_shape()
    {
        weights.Remove(Query);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor '{Query}': missing; expected shape [32, 32].", LoadFault().Message);
    }

    [Fact]
    public void A_tensor_too_many_is_named_as_the_file_spells_it()
    {
        weights["model.visual.blocks.9.norm1.weight"] = ones(16);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor 'model.visual.blocks.9.norm1.weight': unexpected, with shape [16]: the model that config.json describes has no such parameter.", LoadFault().Message);
    }

    [Fact]
    public void A_misshapen_tensor_is_named_with_both_shapes()
    {
        weights[Norm] = ones(31);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor '{Norm}': has shape [31]; expected [32].", LoadFault().Message);
    }

    [Fact]
    public void A_tensor_of_whole_numbers_is_no_weight()
    {
        weights[Norm] = ones(32, ScalarType.Int64);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor '{Norm}': is stored as I64; expected F32, F16 or BF16.", LoadFault().Message);
    }

    [Fact]
    public void A_missing_head_of_an_untied_model_is_named()
    {
        ChangeConfig(config => config["tie_word_embeddings"] = false);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor 'lm_head.weight': missing; expected shape [64, 32].", LoadFault().Message);
    }

    [Fact]
    public void All_faults_are_told_together_and_nothing_is_loaded()
    {
        weights.Remove(Query);
        weights["extra"] = ones(1);
        weights[Norm] = ones(31);
        WriteWeights();
        using var model = TinyModel.Create(seed: 5);
        using var before = model.Vision.parameters().First().detach().clone();
        using var checkpoint = CheckpointFolder.Open(folder.Path);

        var error = Assert.Throws<CheckpointException>(() => checkpoint.LoadInto(model, null, CancellationToken.None));

        Assert.Equal([Query, Norm, "extra"], error.Problems.Select(problem => problem.Tensor));
        Assert.All(error.Problems, problem => Assert.Equal(Weights, problem.File));
        Assert.True(model.Vision.parameters().First().IsExactly(before));
    }

    [Fact]
    public void A_long_list_is_cut_in_the_message_only()
    {
        ChangeConfig(config => config["num_hidden_layers"] = 12);
        WriteWeights();
        var error = LoadFault();
        Assert.Equal(10 * 12, error.Problems.Count);
        Assert.StartsWith("The checkpoint has 120 problems:\n", error.Message);
        Assert.EndsWith("… and 100 more", error.Message);
    }

    [Fact]
    public void Truncated_weights_are_named()
    {
        WriteWeights();
        using (var stream = File.OpenWrite(Weights)) stream.SetLength(stream.Length - 3);
        var error = OpenFault();
        Assert.Equal((Weights, weights.Keys.Order(StringComparer.Ordinal).Last()), (error.Problems[0].File, error.Problems[0].Tensor));
        Assert.Contains("the data is truncated", error.Message);
    }

    [Fact]
    public void A_tensor_stored_under_both_spellings_is_refused()
    {
        weights["model.language_model.norm.weight"] = ones(32);
        WriteWeights();
        Assert.Equal($"{Weights}: tensor '{Norm}': is stored twice, also as 'model.language_model.norm.weight' in model.safetensors; expected once.", OpenFault().Message);
    }

    [Fact]
    public void An_absent_folder_is_named()
    {
        var absent = folder.File("nowhere");
        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(absent));
        Assert.Equal($"{absent}: the folder does not exist; expected config.json and model.safetensors in it.", error.Message);
    }

    [Fact]
    public void An_empty_folder_lacks_configuration_and_weights()
    {
        using var empty = new TemporaryFolder();
        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(empty.Path));
        Assert.Equal([empty.File("config.json"), empty.Path], error.Problems.Select(problem => problem.File));
        Assert.Contains("no weights: expected model.safetensors, or model.safetensors.index.json with the shards it lists", error.Message);
    }

    [Theory]
    [InlineData("""{"model_type":"llama"}""", "model_type is 'llama'; this program reads 'qwen2_5_vl' only")]
    [InlineData("{}", "model_type is 'absent'")]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "a JSON object was expected, this is of kind Array")]
    [InlineData("""{"model_type":7}""", "model_type is 'absent'")]
    [InlineData("""{"model_type":"qwen2_5_vl","hidden_size":"wide"}""", "hidden_size is \"wide\"; a whole number was expected")]
    [InlineData("""{"model_type":"qwen2_5_vl","text_config":3}""", "a value is not of the expected kind")]
    [InlineData("""{"model_type":"qwen2_5_vl"}""", "hidden_size is missing; a whole number was expected")]
    public void An_unknown_architecture_or_broken_configuration_is_explained(string json, string expected)
    {
        WriteWeights();
        File.WriteAllText(folder.File("config.json"), json);
        var error = OpenFault();
        Assert.StartsWith(folder.File("config.json"), error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void An_absent_shard_is_named_with_what_it_should_hold()
    {
        WriteIndex(name => name.StartsWith("visual.") ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors");
        SafetensorsWriter.Write(folder.File("model-00001-of-00002.safetensors"), weights.Where(pair => pair.Key.StartsWith("visual.")).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal($"{folder.File("model-00002-of-00002.safetensors")}: the shard does not exist; model.safetensors.index.json expects 26 tensors in it, " +
            "'model.embed_tokens.weight' among them. Fetch it and put it into the folder.", OpenFault().Message);
    }

    [Fact]
    public void A_shard_that_disagrees_with_the_index_is_named()
    {
        WriteIndex(_ => "model-00001-of-00001.safetensors");
        var shard = folder.File("model-00001-of-00001.safetensors");
        weights.Remove(Norm);
        weights["other"] = ones(1);
        SafetensorsWriter.Write(shard, weights.Select(pair => (pair.Key, pair.Value)));
        var error = OpenFault();
        Assert.Equal(
        [
            $"{shard}: tensor '{Norm}': missing: model.safetensors.index.json expects it in this shard.",
            $"{shard}: tensor 'other': unexpected: model.safetensors.index.json does not list it in this shard.",
        ], error.Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("\"../secret.safetensors\"")]
    [InlineData("\"/etc/passwd\"")]
    [InlineData("\"a\\\\b\"")]
    [InlineData("\"..\"")]
    [InlineData("\"\"")]
    [InlineData("3")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        File.WriteAllText(Index, "{\"weight_map\":{\"x\":" + shard + "}}");
        Assert.Equal($"{Index}: tensor 'x': its shard is {shard}; expected the plain name of a file in the same folder.", OpenFault().Message);
    }

    [Theory]
    [InlineData("{}", "has no weight_map; expected an object that maps tensor names to shard files")]
    [InlineData("[]", "has no weight_map")]
    [InlineData("""{"weight_map":[]}""", "has no weight_map")]
    [InlineData("no json", "cannot be read as JSON")]
    public void A_broken_index_is_explained(string json, string expected)
    {
        File.WriteAllText(Index, json);
        var error = OpenFault();
        Assert.StartsWith($"{Index}: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void The_checksum_of_a_folder_without_a_shard_names_it()
    {
        WriteIndex(_ => "model-00001-of-00001.safetensors");
        var error = Assert.Throws<CheckpointException>(() => CheckpointChecksum.Compute(folder.Path, CancellationToken.None));
        Assert.Equal($"{folder.File("model-00001-of-00001.safetensors")}: the shard does not exist.", error.Message);
    }

    [Fact]
    public void Reading_a_tensor_that_is_not_stored_names_it()
    {
        WriteWeights();
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        Assert.Equal($"{Weights}: tensor 'x': is not stored in this checkpoint.", Assert.Throws<CheckpointException>(() => checkpoint.Read("x")).Message);
        Assert.Null(checkpoint.Find("x"));
        Assert.Equal([32], checkpoint.Find(Norm)!.Shape);
    }

    private void WriteWeights() => SafetensorsWriter.Write(Weights, weights.Select(pair => (pair.Key, pair.Value)));

    private void WriteIndex(Func<string, string> shardOf)
    {
        var map = new JsonObject();
        foreach (var name in weights.Keys) map[name] = shardOf(name);
        File.WriteAllText(Index, new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    private void ChangeConfig(Action<JsonObject> change)
    {
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!.AsObject();
        change(config);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
    }

    private CheckpointException OpenFault() => Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(folder.Path));

    private CheckpointException LoadFault()
    {
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        return Assert.Throws<CheckpointException>(() => checkpoint.LoadModel(null, null, null, CancellationToken.None));
    }
}
