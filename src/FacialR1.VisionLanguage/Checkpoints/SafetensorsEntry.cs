using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>What a safetensors header says about one tensor.</summary>
/// <param name="Name">The tensor's name as the file spells it.</param>
/// <param name="Type">Element type as stored.</param>
/// <param name="Shape">Sizes of the axes, outermost first; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="ByteCount">Stored size in bytes.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Begin, long ByteCount)
{
    /// <summary>Number of elements.</summary>
    public long Count => ByteCount / SafetensorsType.SizeOf(Type);
}
