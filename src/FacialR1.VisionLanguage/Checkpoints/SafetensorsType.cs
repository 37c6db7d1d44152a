using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The element types of the safetensors format that we read, with their names in the file and sizes in bytes.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] Known =
    [
        ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string KnownNames { get; } = string.Join(", ", Known.Select(known => known.Name));

    public static bool TryParse(string? name, out ScalarType type)
    {
        var index = Array.FindIndex(Known, known => known.Name == name);
        type = index < 0 ? default : Known[index].Type;
        return index >= 0;
    }

    public static string NameOf(ScalarType type) => Find(type).Name;

    public static int SizeOf(ScalarType type) => Find(type).Size;

    /// <summary>Weights are stored in one of these; anything else cannot be a parameter.</summary>
    public static bool IsWeight(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    private static (string Name, ScalarType Type, int Size) Find(ScalarType type)
    {
        var index = Array.FindIndex(Known, known => known.Type == type);
        return index >= 0
            ? Known[index]
            : throw new NotSupportedException($"Elements of type {type} have no place in a safetensors file; convert to one of {KnownNames} first.");
    }
}
