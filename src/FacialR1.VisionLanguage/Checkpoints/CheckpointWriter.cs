using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>Saves a model as a folder in the Hugging Face layout that <see cref="CheckpointFolder"/> and transformers read back.</summary>
public static class CheckpointWriter
{
    /// <summary>Saves all parameters of a module; see the other overload.</summary>
    public static void Save(string folder, nn.Module module, CheckpointFiles files, ScalarType? storeAs = null, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(folder, module.named_parameters(), files, storeAs, metadata);

    /// <summary>Writes config.json and its companions, and all weights into one <c>model.safetensors</c>.</summary>
    /// <param name="folder">Made when absent. A checkpoint that is already there is replaced file by file; other files stay.</param>
    /// <param name="parameters">Names in the published spelling. A tied model passes its embedding matrix once, without <c>lm_head.weight</c>.</param>
    /// <param name="files">At least config.json; take another folder's with <see cref="CheckpointFiles.From"/>.</param>
    /// <param name="storeAs">float32, float16 or bfloat16; each parameter's own type when null. config.json is adapted.</param>
    /// <param name="metadata">Free text for the header of the weight file; <c>format = pt</c>, which transformers asks for, is added.</param>
    /// <exception cref="ArgumentException">There is no config.json, a name occurs twice, or the type is none of the three.</exception>
    public static void Save<TTensor>(string folder, IEnumerable<(string name, TTensor parameter)> parameters, CheckpointFiles files,
        ScalarType? storeAs = null, IReadOnlyDictionary<string, string>? metadata = null) where TTensor : Tensor
    {
        if (!files.Names.Contains(CheckpointConfig.FileName))
            throw new ArgumentException($"A checkpoint needs {CheckpointConfig.FileName}; add it with {nameof(CheckpointFiles)}.{nameof(CheckpointFiles.With)}.", nameof(files));

        var rows = parameters.ToList();
        var type = storeAs ?? rows.Select(row => row.parameter.dtype).FirstOrDefault(ScalarType.Float32);
        var header = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>()) { ["format"] = "pt" };

        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, CheckpointShards.SingleFile), rows, storeAs, header);
        RemoveShards(folder);
        files.Storing(type).WriteTo(folder);
    }

    /// <summary>Shards of an earlier checkpoint would be dead weight beside the single file, and their index a lie.</summary>
    private static void RemoveShards(string folder)
    {
        File.Delete(Path.Combine(folder, CheckpointShards.IndexFile));
        foreach (var shard in Directory.EnumerateFiles(folder, "model-*-of-*.safetensors")) File.Delete(shard);
    }
}
