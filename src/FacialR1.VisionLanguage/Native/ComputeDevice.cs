using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Native;

/// <summary>Where models compute unless something else is asked for.</summary>
public static class ComputeDevice
{
    /// <summary>Environment variable that tells a process which graphics processors there are for it.</summary>
    public const string VisibleVariable = "CUDA_VISIBLE_DEVICES";

    /// <summary>The first graphics processor that this process may use (<c>CUDA_VISIBLE_DEVICES</c> narrows them down), else the processor.</summary>
    public static Device Usual => cuda.is_available() ? CUDA : CPU;

    /// <summary>What the machine, and not this process, calls a device: <c>cpu</c>, <c>cuda:1</c>.</summary>
    /// <param name="visible">Numbers of the processors that this process may use, with commas between them, in the order in which it counts them; null for all.</param>
    public static string NameOf(Device device, string? visible)
    {
        if (device.type == DeviceType.CPU) return "cpu";
        var numbers = visible?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var index = Math.Max(0, device.index);
        return index < numbers.Length ? $"cuda:{numbers[index]}" : $"cuda:{index}";
    }
}
