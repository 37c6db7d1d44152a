using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.TestKit;

/// <summary>A prompt for <see cref="TinyModel"/>: random words around pictures of random patches.</summary>
/// <param name="Ids">Token ids with one placeholder per visual token.</param>
/// <param name="Grids">One per picture.</param>
/// <param name="Patches">All pictures' patches, row by row.</param>
public sealed record TinyPrompt(int[] Ids, IReadOnlyList<PatchGrid> Grids, float[] Patches)
{
    private const int Words = 50;   // ids below this are plain text

    /// <summary>Five words, then each picture followed by four words.</summary>
    public static TinyPrompt Of(Qwen25VlOptions options, int seed, params PatchGrid[] grids)
    {
        var random = new Random(seed);
        List<int> ids = [.. Text(5)];
        foreach (var grid in grids)
        {
            ids.Add(options.Tokens.VisionStart);
            ids.AddRange(Enumerable.Repeat(options.Tokens.Image, grid.Tokens(options.Vision.MergeSize)));
            ids.Add(options.Tokens.VisionEnd);
            ids.AddRange(Text(4));
        }

        var patches = new float[grids.Sum(grid => grid.Patches) * options.Vision.PatchLength];
        for (var index = 0; index < patches.Length; index++) patches[index] = (float)(random.NextDouble() * 4 - 2);
        return new([.. ids], grids, patches);

        IEnumerable<int> Text(int count) => Enumerable.Range(0, count).Select(_ => random.Next(Words)).ToArray();
    }

    /// <summary>[1, T].</summary>
    public Tensor IdTensor => tensor(Ids, dtype: ScalarType.Int64).unsqueeze(0);

    /// <summary>[3, 1, T].</summary>
    public Tensor Positions(Qwen25VlOptions options)
    {
        var positions = MultimodalPositions.Of(Ids, Grids, options.Tokens.Image, options.Vision.MergeSize);
        return tensor((long[])[.. positions.Time, .. positions.Height, .. positions.Width]).view(3, 1, -1);
    }

    /// <summary>[V, W] of all pictures; null without any.</summary>
    public Tensor? VisualTokens(Qwen25VlModel model) => Grids.Count == 0
        ? null
        : model.Vision.Encode(tensor(Patches).view(-1, model.Options.Vision.PatchLength), Grids);

    /// <summary>[1, T, vocabulary] in one whole pass.</summary>
    public Tensor Logits(Qwen25VlModel model) => model.Logits(model.Read(IdTensor, Positions(model.Options), VisualTokens(model)));
}
