using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Root-mean-square normalisation (Zhang &amp; Sennrich 2019): statistics in float32, the weight applied after the cast back.</summary>
public sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double epsilon;

    public RmsNorm(long width, double epsilon, ScalarType? type = null, Device? device = null) : base(nameof(RmsNorm))
    {
        this.epsilon = epsilon;
        weight = Parameter(ones(width, dtype: type, device: device));
        RegisterComponents();
    }

    /// <param name="x">[…, W]. The result has the same shape and belongs to the caller.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var normal = wide * rsqrt(wide.square().mean([-1], keepdim: true) + epsilon);
        return (normal.to(x.dtype) * weight).MoveToOuterDisposeScope();
    }
}
