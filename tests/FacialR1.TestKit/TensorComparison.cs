using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.TestKit;

/// <summary>Exact comparison of tensors.</summary>
public static class TensorComparison
{
    /// <summary>Same type, shape and every element; both on one device.</summary>
    public static bool IsExactly(this Tensor found, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return found.dtype == expected.dtype && found.shape.SequenceEqual(expected.shape) && found.eq(expected).all().item<bool>();
    }
}
