using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Native;

/// <summary>The number type in which a device multiplies matrices fastest.</summary>
/// <remarks>
/// With instructions for bf16 that type is two to three times as fast as fp32; without them every product is emulated and takes many times as long.
/// Asked of the processor and not measured, so that the same machine always trains in the same type.
/// </remarks>
public static class MatrixType
{
    /// <summary>bf16 on graphics processors and where the processor has AVX512-BF16 or AMX-BF16, else fp32.</summary>
    public static ScalarType FastestOn(Device device) => device.type == DeviceType.CPU ? OfProcessor : ScalarType.BFloat16;

    private static ScalarType OfProcessor { get; } = HasBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>CPUID leaf 7: AMX-BF16 is bit 22 of EDX in subleaf 0, AVX512-BF16 bit 5 of EAX in subleaf 1.</summary>
    private static bool HasBFloat16
    {
        get
        {
            if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7) return false;
            var features = X86Base.CpuId(7, 0);
            return (features.Edx & (1 << 22)) != 0 || features.Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        }
    }
}
