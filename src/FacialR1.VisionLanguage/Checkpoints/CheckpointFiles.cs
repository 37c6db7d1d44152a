using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Qwen25Vl;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The small files of a checkpoint folder beside the weights: configuration, image preprocessing, tokenizer. Immutable.</summary>
public sealed class CheckpointFiles
{
    private static readonly string[] KnownNames =
    [
        CheckpointConfig.FileName, "preprocessor_config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json",
        "merges.txt", "special_tokens_map.json", "added_tokens.json", "chat_template.json", "chat_template.jinja",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly SortedDictionary<string, byte[]> contents;

    private CheckpointFiles(SortedDictionary<string, byte[]> contents) => this.contents = contents;

    /// <summary>No files yet.</summary>
    public static CheckpointFiles None { get; } = new(new(StringComparer.Ordinal));

    /// <summary>Names of the files that are there.</summary>
    public IReadOnlyCollection<string> Names => contents.Keys;

    /// <summary>A new architecture: its config.json alone.</summary>
    public static CheckpointFiles For(Qwen25VlOptions options) => None.With(CheckpointConfig.FileName, CheckpointConfig.ToJson(options));

    /// <summary>The known files that a folder has; what else lies there (weights, model card, run state) belongs to that checkpoint alone.</summary>
    /// <exception cref="CheckpointException">The folder does not exist.</exception>
    public static CheckpointFiles From(string folder)
    {
        if (!Directory.Exists(folder)) throw new CheckpointException(folder, null, "the folder does not exist; expected a checkpoint.");
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in KnownNames.Where(name => File.Exists(Path.Combine(folder, name)))) found[name] = File.ReadAllBytes(Path.Combine(folder, name));
        return new(found);
    }

    /// <summary>The same files with one more, or with that one replaced.</summary>
    /// <exception cref="ArgumentException">The name is not one of a checkpoint's small files.</exception>
    public CheckpointFiles With(string name, string text)
    {
        if (!KnownNames.Contains(name)) throw new ArgumentException($"'{name}' is not a checkpoint file; expected one of {string.Join(", ", KnownNames)}.", nameof(name));
        return new(new(contents, StringComparer.Ordinal) { [name] = Encoding.UTF8.GetBytes(text) });
    }

    /// <summary>The same files, with config.json naming the type that the weights are stored in.</summary>
    internal CheckpointFiles Storing(ScalarType type)
    {
        var config = JsonNode.Parse(contents[CheckpointConfig.FileName])!.AsObject();
        // Older files say torch_dtype, newer ones dtype; whoever reads the folder next knows the one it was made for.
        config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = type switch
        {
            ScalarType.Float16 => "float16",
            ScalarType.BFloat16 => "bfloat16",
            _ => "float32",
        };
        return With(CheckpointConfig.FileName, config.ToJsonString(Indented) + "\n");
    }

    internal void WriteTo(string folder)
    {
        foreach (var (name, content) in contents)
        {
            var unfinished = Path.Combine(folder, $"{name}.{Environment.ProcessId}.partial");
            File.WriteAllBytes(unfinished, content);
            File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        }
    }
}
