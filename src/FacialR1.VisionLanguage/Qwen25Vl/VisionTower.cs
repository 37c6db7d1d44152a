using FacialR1.VisionLanguage.Images;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Patches to visual tokens: window attention in most blocks, full attention in some, then 2×2 merging into the decoder's width.</summary>
/// <remarks>N patches of all images in merge-cell order, V = N / merge² visual tokens, W width.</remarks>
public sealed class VisionTower : Module
{
    private readonly PatchEmbedding patch_embed;
    private readonly ModuleList<VisionBlock> blocks;
    private readonly PatchMerger merger;
    private readonly VisionOptions options;

    public VisionTower(VisionOptions options, ScalarType? type = null, Device? device = null) : base(nameof(VisionTower))
    {
        this.options = options;
        patch_embed = new PatchEmbedding(options, type, device);
        blocks = new ModuleList<VisionBlock>([.. Enumerable.Range(0, options.Depth).Select(_ => new VisionBlock(options, type, device))]);
        merger = new PatchMerger(options, type, device);
        RegisterComponents();
    }

    /// <param name="patches">[N, channels·frames·side·side], normalised, in the order of the image processor.</param>
    /// <param name="grids">One grid per image, in order; their patches sum to N.</param>
    /// <param name="dropPath">Probability with which a whole residual branch is skipped per image in training (Huang et al. 2016), growing linearly with depth.</param>
    /// <returns>[V, out_hidden_size] in row order of the images, owned by the caller.</returns>
    public Tensor Encode(Tensor patches, IReadOnlyList<PatchGrid> grids, double dropPath = 0)
    {
        if (grids.Sum(grid => grid.Patches) != patches.shape[0])
            throw new ArgumentException($"The grids promise {grids.Sum(grid => grid.Patches)} patches, {patches.shape[0]} came.", nameof(grids));

        using var scope = NewDisposeScope();
        var layout = WindowLayout.Of(grids, options);
        var (unit, device) = (options.MergeSize * options.MergeSize, patches.device);
        var order = tensor(layout.CellOrder, device: device);
        var hidden = IntoWindows(patch_embed.call(patches), order, unit);            // [N, W]
        var angles = RotaryAngles.Of(IntoWindows(Radians(grids, device), order, unit).unsqueeze(1));   // [N, 1, D]
        var equalImages = grids.Distinct().Count() == 1 ? grids.Count : 1;
        for (var index = 0; index < options.Depth; index++)
        {
            var ends = options.FullAttentionBlocks.Contains(index) ? layout.ImageEnds : layout.WindowEnds;
            hidden = blocks[index].Forward(hidden, angles, ends, dropPath * index / Math.Max(1, options.Depth - 1), equalImages);
        }

        return merger.call(hidden).index_select(0, order.argsort()).MoveToOuterDisposeScope();   // [V, out]
    }

    private static Tensor IntoWindows(Tensor x, Tensor order, int unit) =>
        x.reshape(-1, unit, x.shape[^1]).index_select(0, order).reshape(-1, x.shape[^1]);

    /// <summary>Row and column of each patch times the frequencies 10000^(−4k/D): [N, D/2].</summary>
    private Tensor Radians(IReadOnlyList<PatchGrid> grids, Device device)
    {
        var (rows, columns) = WindowLayout.PatchPositions(grids, options.MergeSize);
        var half = options.HeadWidth / 2;
        var frequencies = pow(10000.0, arange(0, half, 2, ScalarType.Float32, device) / -half);   // [D/4]
        Tensor Along(long[] positions) => tensor(positions, device: device).to(ScalarType.Float32).unsqueeze(1) * frequencies;
        return cat([Along(rows), Along(columns)], dim: 1);
    }
}

/// <summary>A bias-free convolution whose kernel equals its stride, so it is one matrix product per patch.</summary>
public sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv3d proj;

    public PatchEmbedding(VisionOptions options, ScalarType? type = null, Device? device = null) : base(nameof(PatchEmbedding))
    {
        (long, long, long) kernel = (options.TemporalPatchSize, options.PatchSize, options.PatchSize);
        proj = Conv3d(options.Channels, options.Width, kernel, stride: kernel, bias: false, device: device, dtype: type);
        RegisterComponents();
    }

    /// <param name="patches">[N, channels·frames·side·side] → [N, W].</param>
    public override Tensor forward(Tensor patches)
    {
        using var scope = NewDisposeScope();
        return functional.linear(patches.to(proj.weight.dtype), proj.weight.flatten(1)).MoveToOuterDisposeScope();
    }
}

/// <summary>x += Attention(Norm(x)); x += Mlp(Norm(x)).</summary>
public sealed class VisionBlock : Module
{
    private const double NormEpsilon = 1e-6;
    private readonly RmsNorm norm1, norm2;
    private readonly VisionAttention attn;
    private readonly GatedMlp mlp;

    public VisionBlock(VisionOptions options, ScalarType? type = null, Device? device = null) : base(nameof(VisionBlock))
    {
        norm1 = new RmsNorm(options.Width, NormEpsilon, type, device);
        norm2 = new RmsNorm(options.Width, NormEpsilon, type, device);
        attn = new VisionAttention(options, type, device);
        mlp = new GatedMlp(options.Width, options.MlpWidth, hasBias: true, type, device);
        RegisterComponents();
    }

    /// <param name="hidden">[N, W] in window order.</param>
    /// <param name="ends">The segments that see each other, as boundaries in patches.</param>
    /// <param name="dropPath">Probability of skipping a branch for an image in training.</param>
    /// <param name="images">Into how many equal parts the rows fall for that; 1 skips for all together.</param>
    public Tensor Forward(Tensor hidden, RotaryAngles angles, IReadOnlyList<int> ends, double dropPath, int images)
    {
        using var scope = NewDisposeScope();
        hidden = hidden + Kept(attn.Forward(norm1.call(hidden), angles, ends), dropPath, images);
        return (hidden + Kept(mlp.call(norm2.call(hidden)), dropPath, images)).MoveToOuterDisposeScope();
    }

    private Tensor Kept(Tensor branch, double dropPath, int images)
    {
        if (!training || dropPath <= 0) return branch;
        var keep = rand(images, 1, 1, device: branch.device).lt(1 - dropPath).to(branch.dtype) / (1 - dropPath);
        return (branch.view(images, -1, branch.shape[1]) * keep).view(branch.shape);
    }
}

/// <summary>Multi-head attention with a fused projection (rows ordered query, key, value), two-dimensional rotary positions and biases.</summary>
public sealed class VisionAttention : Module
{
    private readonly Linear qkv, proj;
    private readonly long heads, headWidth;

    public VisionAttention(VisionOptions options, ScalarType? type = null, Device? device = null) : base(nameof(VisionAttention))
    {
        (heads, headWidth) = (options.Heads, options.HeadWidth);
        qkv = Linear(options.Width, 3L * options.Width, device: device, dtype: type);
        proj = Linear(options.Width, options.Width, device: device, dtype: type);
        RegisterComponents();
    }

    /// <param name="x">[N, W]. The result has the same shape and belongs to the caller.</param>
    public Tensor Forward(Tensor x, RotaryAngles angles, IReadOnlyList<int> ends)
    {
        using var scope = NewDisposeScope();
        var parts = qkv.call(x).reshape(-1, 3, heads, headWidth).unbind(1);                        // 3 × [N, H, D]
        var mixed = SegmentedAttention.Attend(angles.Rotate(parts[0]), angles.Rotate(parts[1]), parts[2], ends);
        return proj.call(mixed).MoveToOuterDisposeScope();
    }
}

/// <summary>Merges each cell of merge² neighbouring patches into one visual token of the decoder's width.</summary>
public sealed class PatchMerger : Module<Tensor, Tensor>
{
    private const double NormEpsilon = 1e-6;
    private readonly RmsNorm ln_q;
    private readonly Sequential mlp;
    private readonly long cellWidth;

    public PatchMerger(VisionOptions options, ScalarType? type = null, Device? device = null) : base(nameof(PatchMerger))
    {
        cellWidth = (long)options.Width * options.MergeSize * options.MergeSize;
        ln_q = new RmsNorm(options.Width, NormEpsilon, type, device);
        mlp = Sequential(Linear(cellWidth, cellWidth, device: device, dtype: type), GELU(), Linear(cellWidth, options.OutputWidth, device: device, dtype: type));
        RegisterComponents();
    }

    /// <param name="hidden">[N, W], the patches of a cell next to each other → [N / merge², out].</param>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return mlp.call(ln_q.call(hidden).reshape(-1, cellWidth)).MoveToOuterDisposeScope();
    }
}
