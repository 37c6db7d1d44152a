using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Cosines and sines of the rotary positions (Su et al. 2021), shaped to broadcast over heads. Disposable: it is born of one request.</summary>
/// <param name="Cosine">[…, D], the half of D frequencies repeated.</param>
/// <param name="Sine">Like <paramref name="Cosine"/>.</param>
public sealed record RotaryAngles(Tensor Cosine, Tensor Sine) : IDisposable
{
    /// <summary>Angles of [.., D/2] radians become cosines and sines of [.., D].</summary>
    public static RotaryAngles Of(Tensor radians)
    {
        using var scope = NewDisposeScope();
        var both = cat([radians, radians], dim: -1);
        return new RotaryAngles(both.cos().MoveToOuterDisposeScope(), both.sin().MoveToOuterDisposeScope());
    }

    /// <summary>Half-split rotation, (x₁, x₂) → (x₁cos − x₂sin, x₂cos + x₁sin), computed in float32 like the reference.</summary>
    /// <param name="x">[…, D]. The result has the same shape and type.</param>
    public Tensor Rotate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var half = wide.shape[^1] / 2;
        var turned = cat([-wide.narrow(-1, half, half), wide.narrow(-1, 0, half)], dim: -1);
        return (wide * Cosine + turned * Sine).to(x.dtype).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Cosine.Dispose();
        Sine.Dispose();
    }
}
