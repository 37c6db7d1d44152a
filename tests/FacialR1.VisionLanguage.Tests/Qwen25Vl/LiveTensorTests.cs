using FacialR1.TestKit;
using FacialR1.VisionLanguage.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Qwen25Vl;

/// <summary>Tensors alive in the whole process, as TorchSharp itself counts them.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class LiveTensorTests
{
    [Fact]
    public void Reading_again_and_again_leaves_no_tensor_alive_and_raises_no_peak()
    {
        using var model = TinyModel.Create();
        var prompt = TinyPrompt.Of(model.Options, seed: 1, new PatchGrid(1, 4, 10));
        void ReadOnce()
        {
            using var scope = NewDisposeScope();
            prompt.Logits(model).mean().backward();
        }

        ReadOnce();   // makes the gradients, which stay
        GC.Collect();
        GC.WaitForPendingFinalizers();   // what earlier tests left must not be counted as ours
        var (total, peak) = (Tensor.TotalCount, Tensor.PeakCount);
        for (var round = 0; round < 20; round++) ReadOnce();

        Assert.Equal(total, Tensor.TotalCount);
        Assert.Equal(peak, Tensor.PeakCount);
    }
}
