using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>softmax(QKᵀ/√D)·V (Vaswani et al. 2017, eq. 1), by whichever way is fast on the device.</summary>
public static class ScaledDotProduct
{
    /// <param name="query">[B, H, T, D]; key and value [B, H, S, D].</param>
    /// <param name="visible">Broadcasts to [B, H, T, S], true where a query may look; null for everywhere, or causally.</param>
    /// <param name="isCausal">T = S and each query sees itself and what is before it; <paramref name="visible"/> is null then.</param>
    /// <returns>[B, H, T, D] in the caller's dispose scope.</returns>
    public static Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor? visible = null, bool isCausal = false)
    {
        // The built-in kernel's backward pass in bf16 on a processor is seven times slower than these plain operations.
        if (query.dtype != ScalarType.BFloat16 || query.device_type != DeviceType.CPU)
            return functional.scaled_dot_product_attention(query, key, value, visible, is_casual: isCausal);

        var scores = (query * (1 / Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-1, -2));
        if (isCausal) visible = ones(query.shape[2], key.shape[2], dtype: ScalarType.Bool, device: query.device).tril();
        if (visible is not null) scores = scores.masked_fill(visible.logical_not(), double.NegativeInfinity);
        return scores.softmax(-1).matmul(value);
    }
}
