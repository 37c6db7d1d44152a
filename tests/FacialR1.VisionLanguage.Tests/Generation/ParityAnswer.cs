using FacialR1.Analysis;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tests.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Generation;

/// <summary>A prompt of the reference vectors and the sixteen tokens with which the reference goes on.</summary>
internal sealed record ParityAnswer(string Model, IReadOnlyList<int> PromptIds, IReadOnlyList<ImagePatches> Images, int[] GreedyIds)
{
    /// <summary>Nothing stops these answers early.</summary>
    public static GenerationTokens Tokens { get; } = new([], 0, []);

    private static readonly Dictionary<string, Qwen25VlModel> Models = [];

    public static IEnumerable<string> Folders() =>
    [
        RepositoryFiles.Fixture("parity", "tiny-tied"), RepositoryFiles.Fixture("parity", "tiny-sharded"),
        .. Environment.GetEnvironmentVariable("FACIALR1_PARITY_DIR") is { Length: > 0 } more
            ? Directory.EnumerateFiles(more, "config.json", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order().ToArray() : Array.Empty<string>(),
    ];

    public static IEnumerable<string> Cases(string folder) => Directory.EnumerateFiles(folder, "*.safetensors")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => !name.StartsWith("model", StringComparison.Ordinal)).Order();

    public static ParityAnswer Read(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(folder, name + ".safetensors"));
        int[] Ids(string tensor) => [.. file.Read(tensor).flatten().data<long>().Select(id => (int)id)];
        return new ParityAnswer(folder, Ids("input_ids"), file.Contains("pixel_values") ? Patches(file) : [], Ids("greedy_ids"));
    }

    public GenerationRequest Request(params DecodingOptions[] answers) => new(PromptIds, Images, answers);

    /// <summary>The weights, read once per test run. Nothing changes them.</summary>
    public static Qwen25VlModel ModelOf(string folder)
    {
        lock (Models)
        {
            if (!Models.TryGetValue(folder, out var model))
            {
                using var checkpoint = CheckpointFolder.Open(folder);
                Models[folder] = model = checkpoint.LoadModel(null, null, null, CancellationToken.None);
            }
            return model;
        }
    }

    private static List<ImagePatches> Patches(SafetensorsFile file)
    {
        var values = file.Read("pixel_values");
        var grids = file.Read("image_grid_thw").flatten().data<long>().Chunk(3).Select(grid => new PatchGrid((int)grid[0], (int)grid[1], (int)grid[2]));
        var (images, first) = (new List<ImagePatches>(), 0L);
        foreach (var grid in grids)
        {
            images.Add(new ImagePatches(values.narrow(0, first, grid.Patches).contiguous().data<float>().ToArray(), grid, (int)values.shape[1]));
            first += grid.Patches;
        }
        return images;
    }
}
