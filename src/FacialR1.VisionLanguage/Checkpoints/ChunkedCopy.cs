using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>Moves tensors to and from raw little-endian bytes in pieces.</summary>
/// <remarks>
/// Pieces keep the memory beside the tensor itself small whatever its size, and they keep every span below .NET's limit of 2^31 - 1 bytes, which
/// the 7B embedding matrix passes in float32.
/// </remarks>
internal static unsafe class ChunkedCopy
{
    /// <summary>Most bytes of a staging buffer. Freed buffers of 16 MiB were measured to fragment the heap and stay resident, one more per tensor.</summary>
    public const long ChunkBytes = 2 << 20;

    /// <summary>Fills a contiguous tensor of any float type and device from bytes of <paramref name="storedType"/>.</summary>
    public static void ToTensor(byte* source, ScalarType storedType, Tensor destination)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var flat = Flat(destination);
        var size = SafetensorsType.SizeOf(storedType);
        var isDirect = destination.dtype == storedType && destination.device_type == TorchSharp.DeviceType.CPU;
        using var staging = isDirect ? null : Staging(flat.numel(), storedType);

        foreach (var (start, count) in Pieces(flat.numel(), size))
        {
            using var target = flat.narrow(0, start, count);
            var bytes = new ReadOnlySpan<byte>(source + start * size, (int)(count * size));
            if (staging is null)
            {
                bytes.CopyTo(target.bytes);
                continue;
            }

            using var piece = staging.narrow(0, 0, count);
            bytes.CopyTo(piece.bytes);
            target.copy_(piece);
        }
    }

    /// <summary>Writes a tensor of any device as bytes of <paramref name="storedType"/>.</summary>
    public static void ToStream(Tensor source, ScalarType storedType, Stream destination)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var contiguous = source.contiguous();
        using var flat = Flat(contiguous);
        var size = SafetensorsType.SizeOf(storedType);
        var isDirect = source.dtype == storedType && source.device_type == TorchSharp.DeviceType.CPU;
        using var staging = isDirect ? null : Staging(flat.numel(), storedType);

        foreach (var (start, count) in Pieces(flat.numel(), size))
        {
            using var part = flat.narrow(0, start, count);
            if (staging is null)
            {
                destination.Write(part.bytes);
                continue;
            }

            using var piece = staging.narrow(0, 0, count);
            piece.copy_(part);
            destination.Write(piece.bytes);
        }
    }

    private static Tensor Staging(long count, ScalarType type) =>
        empty(Math.Min(count, ChunkBytes / SafetensorsType.SizeOf(type)), dtype: type);

    private static Tensor Flat(Tensor tensor) => tensor.is_contiguous()
        ? tensor.detach().view(-1)
        : throw new ArgumentException($"A tensor of shape [{string.Join(", ", tensor.shape)}] is not contiguous; pass its contiguous() copy.", nameof(tensor));

    private static IEnumerable<(long Start, long Count)> Pieces(long total, int size)
    {
        var most = ChunkBytes / size;
        for (long start = 0; start < total; start += most) yield return (start, Math.Min(most, total - start));
    }
}
