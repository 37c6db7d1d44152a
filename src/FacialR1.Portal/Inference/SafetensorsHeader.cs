using System.Buffers.Binary;
using System.Text.Json;

namespace FacialR1.Portal.Inference;

/// <summary>Names and shapes in a safetensors file, read without touching the weights and without loading torch.</summary>
internal static class SafetensorsHeader
{
    private const long LongestHeader = 100_000_000;   // the limit of the format's own reader

    /// <exception cref="InvalidDataException">The file does not begin with a valid header.</exception>
    public static IReadOnlyList<(string Name, long Elements)> Read(string path)
    {
        using var file = File.OpenRead(path);
        var length = new byte[8];
        if (file.ReadAtLeast(length, 8, throwOnEndOfStream: false) < 8) throw Broken(path);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (headerLength is < 2 or > LongestHeader || headerLength > file.Length - 8) throw Broken(path);

        var header = new byte[headerLength];
        file.ReadExactly(header);
        try
        {
            using var json = JsonDocument.Parse(header);
            return [.. json.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__")
                .Select(tensor => (tensor.Name, tensor.Value.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, side) => product * side.GetInt64())))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Broken(path);
        }
    }

    private static InvalidDataException Broken(string path) => new($"{Path.GetFileName(path)} does not begin with a safetensors header.");
}
