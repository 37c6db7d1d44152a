using FacialR1.Analysis;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Generation;

/// <summary>A prompt of the reference vectors and the sixteen tokens with which the reference goes on.</summary>
internal sealed record ParityAnswer(string Model, IReadOnlyList<int> PromptIds, IReadOnlyList<ImagePatches> Images, int[] GreedyIds)
{
    /// <summary>Nothing stops these answers early.</summary>
    public static GenerationTokens Tokens { get; } = new([], 0, []);

    private static readonly Dictionary<string, Qwen25VlModel> Models = [];

    public static ParityAnswer Read(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(folder, name);
        return new ParityAnswer(folder, golden.Ids, golden.HasImages ? Patches(golden) : [], [.. golden.Whole("greedy_ids").Select(id => (int)id)]);
    }

    /// <summary>All cases of one checkpoint.</summary>
    public static List<ParityAnswer> ReadAll(string folder) =>
        [.. GoldenCases.All().Where(golden => golden.Folder == folder).Select(golden => Read(golden.Folder, golden.Case))];

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

    private static List<ImagePatches> Patches(GoldenCase golden)
    {
        var values = golden.Read("pixel_values");
        var (images, first) = (new List<ImagePatches>(), 0L);
        foreach (var grid in golden.Grids)
        {
            images.Add(new ImagePatches(values.narrow(0, first, grid.Patches).contiguous().data<float>().ToArray(), grid, (int)values.shape[1]));
            first += grid.Patches;
        }
        return images;
    }
}
