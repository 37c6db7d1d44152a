using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Native;

/// <summary>Where models compute unless something else is asked for.</summary>
public static class ComputeDevice
{
    /// <summary>The first graphics processor that this process may use (<c>CUDA_VISIBLE_DEVICES</c> narrows them down), else the processor.</summary>
    public static Device Usual => cuda.is_available() ? CUDA : CPU;
}
