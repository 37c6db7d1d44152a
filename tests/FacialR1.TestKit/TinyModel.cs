using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.TestKit;

/// <summary>The architecture at a size where a test takes milliseconds, with random weights that make every part matter.</summary>
public static class TinyModel
{
    /// <summary>Two vision blocks (one of each attention kind), two decoder layers, two query heads on one key/value head, 64 tokens.</summary>
    /// <param name="tieEmbeddings">Whether the head is the embedding matrix.</param>
    public static Qwen25VlOptions Options(bool tieEmbeddings = true) => new(
        new TextOptions(VocabularySize: 64, Width: 32, MlpWidth: 48, Layers: 2, QueryHeads: 2, KeyValueHeads: 1, NormEpsilon: 1e-6, RotaryBase: 1e6,
            RotarySections: [2, 3, 3], tieEmbeddings, MaxPositions: 512),
        new VisionOptions(Depth: 2, Width: 16, MlpWidth: 24, Heads: 2, PatchSize: 14, TemporalPatchSize: 2, MergeSize: 2, WindowSize: 56, Channels: 3,
            FullAttentionBlocks: [1], OutputWidth: 32),
        new TokenOptions(Image: 60, Video: 61, VisionStart: 58, VisionEnd: 59, Beginning: null, End: [63], Padding: 62));

    /// <summary>A model in evaluation mode; equal seeds give equal weights whatever other tests draw.</summary>
    public static Qwen25VlModel Create(Qwen25VlOptions? options = null, int seed = 1)
    {
        var model = new Qwen25VlModel(options ?? Options());
        Randomise(model, seed);
        model.eval();
        return model;
    }

    /// <summary>Writes a checkpoint folder of such a model, without a tokenizer.</summary>
    public static void Save(string folder, Qwen25VlOptions? options = null, int seed = 1, ScalarType? storeAs = null)
    {
        using var model = Create(options, seed);
        CheckpointWriter.Save(folder, model, CheckpointFiles.For(model.Options), storeAs);
    }

    /// <summary>Matrices that keep the size of what passes through, biases and norm weights that are visibly not 0 and 1.</summary>
    private static void Randomise(nn.Module model, int seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var generator = new Generator((ulong)seed);
        foreach (var (name, parameter) in model.named_parameters())
        {
            var noise = randn(parameter.shape, generator: generator);
            if (parameter.dim() > 1) parameter.copy_(noise / Math.Sqrt(parameter.numel() / parameter.shape[0]));
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.copy_(noise * 0.2);
            else parameter.copy_(noise * 0.2 + 1);
        }
    }
}
