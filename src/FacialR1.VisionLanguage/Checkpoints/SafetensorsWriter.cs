using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>Writes safetensors files. Equal tensors and metadata give equal bytes, whatever order they come in.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the tensors to a new file, which appears under its name only when it is complete.</summary>
    /// <param name="path">Replaced when it exists.</param>
    /// <param name="tensors">Name and tensor, each name once; any device, any strides. They stay the caller's.</param>
    /// <param name="storeAs">Type in which floating-point tensors are stored (float32, float16 or bfloat16); their own when null.</param>
    /// <param name="metadata">Free text for the header.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or <paramref name="storeAs"/> is no floating-point type of the format.</exception>
    public static void Write<TTensor>(string path, IEnumerable<(string name, TTensor tensor)> tensors, ScalarType? storeAs = null,
        IReadOnlyDictionary<string, string>? metadata = null) where TTensor : Tensor
    {
        if (storeAs is { } wanted && !SafetensorsType.IsWeight(wanted))
            throw new ArgumentException($"Weights are stored as float32, float16 or bfloat16, not as {wanted}.", nameof(storeAs));

        var rows = tensors.Select(pair => (Name: pair.name, Tensor: (Tensor)pair.tensor, Type: StoredType(pair.tensor, storeAs))).ToList();
        if (rows.GroupBy(row => row.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The name '{twice.Key}' occurs {twice.Count()} times; each tensor needs its own.", nameof(tensors));

        // Wide types first, as the reference writer does: then every tensor is aligned to its element size without gaps.
        rows.Sort((a, b) => SafetensorsType.SizeOf(b.Type) != SafetensorsType.SizeOf(a.Type)
            ? SafetensorsType.SizeOf(b.Type).CompareTo(SafetensorsType.SizeOf(a.Type))
            : string.CompareOrdinal(a.Name, b.Name));

        var unfinished = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                WriteHeader(stream, rows.Select(row => (row.Name, row.Tensor.shape, row.Type)), metadata);
                foreach (var (_, tensor, type) in rows) ChunkedCopy.ToStream(tensor, type, stream);
                stream.Flush(flushToDisk: true);   // a rename can reach the disk before the data does
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static ScalarType StoredType(Tensor tensor, ScalarType? storeAs) =>
        storeAs is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;

    private static void WriteHeader(Stream stream, IEnumerable<(string Name, long[] Shape, ScalarType Type)> rows, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            long begin = 0;
            foreach (var (name, shape, type) in rows)
            {
                var end = begin + shape.Aggregate((long)SafetensorsType.SizeOf(type), (product, size) => checked(product * size));
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafetensorsType.NameOf(type));
                writer.WriteStartArray("shape");
                foreach (var size in shape) writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(begin);
                writer.WriteNumberValue(end);
                writer.WriteEndArray();
                writer.WriteEndObject();
                begin = end;
            }

            writer.WriteEndObject();
        }

        while (json.Length % Alignment != 0) json.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        json.WriteTo(stream);
    }
}
