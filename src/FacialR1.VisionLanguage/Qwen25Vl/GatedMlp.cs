using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>SwiGLU: down(SiLU(gate(x)) ⊙ up(x)) (Shazeer 2020). The vision tower's has biases, the decoder's has none.</summary>
public sealed class GatedMlp : Module<Tensor, Tensor>
{
    private readonly Linear gate_proj, up_proj, down_proj;

    public GatedMlp(long width, long innerWidth, bool hasBias, ScalarType? type = null, Device? device = null) : base(nameof(GatedMlp))
    {
        gate_proj = Linear(width, innerWidth, hasBias, device, type);
        up_proj = Linear(width, innerWidth, hasBias, device, type);
        down_proj = Linear(innerWidth, width, hasBias, device, type);
        RegisterComponents();
    }

    /// <param name="x">[…, W]. The result has the same shape and belongs to the caller.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return down_proj.call(functional.silu(gate_proj.call(x)) * up_proj.call(x)).MoveToOuterDisposeScope();
    }
}
