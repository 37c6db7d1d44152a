using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>A safetensors file, memory-mapped for reading. Opening checks the header; tensors are read one at a time.</summary>
/// <remarks>The file must not be shortened while it is open: the operating system then ends the process at the next read.</remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;
    private readonly Dictionary<string, SafetensorsEntry> entries;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly long dataBegin;
    private byte* mapped;

    private SafetensorsFile(string path, SafetensorsHeader header, long dataBegin)
    {
        Path = path;
        Entries = header.Entries;
        Metadata = header.Metadata;
        entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        this.dataBegin = dataBegin;
        map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref mapped);
    }

    /// <summary>The path it was opened with.</summary>
    public string Path { get; }

    /// <summary>What the header says about each tensor, in the order of the data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Names of the tensors, in the order of the data.</summary>
    public IEnumerable<string> Names => Entries.Select(entry => entry.Name);

    /// <summary>The free text of the header (<c>__metadata__</c>); empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="CheckpointException">The file is absent, is not safetensors, or is cut short; every fault is listed.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            var (header, dataBegin) = ReadHeader(path);
            return new SafetensorsFile(path, header, dataBegin);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(path, null, "the file does not exist; expected a safetensors file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, $"the file cannot be read: {error.Message}", error);
        }
    }

    /// <summary>True when the file holds a tensor of that name.</summary>
    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>What the header says about one tensor.</summary>
    /// <exception cref="CheckpointException">There is no tensor of that name.</exception>
    public SafetensorsEntry Entry(string name) => entries.TryGetValue(name, out var entry)
        ? entry
        : throw new CheckpointException(Path, name, $"is not in the file, which holds {Entries.Count} tensors{NearbyNames()}.");

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name as the file spells it.</param>
    /// <param name="type">Element type of the result; the stored one when null.</param>
    /// <param name="device">Where the result lives; the CPU when null.</param>
    /// <returns>A new tensor of the stored shape that belongs to the caller. Besides it, at most <see cref="ChunkedCopy.ChunkBytes"/> are allocated.</returns>
    /// <exception cref="CheckpointException">There is no tensor of that name.</exception>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null)
    {
        var entry = Entry(name);
        var result = empty([.. entry.Shape], dtype: type ?? entry.Type, device: device);
        Copy(entry, result);
        return result;
    }

    /// <summary>Reads one tensor into an existing one of the same shape, converting to its type and device.</summary>
    /// <param name="name">Its name as the file spells it.</param>
    /// <param name="destination">Contiguous. Its gradient is untouched and the copy is not recorded by autograd.</param>
    /// <exception cref="CheckpointException">There is no tensor of that name, or its shape differs.</exception>
    public void ReadInto(string name, Tensor destination)
    {
        var entry = Entry(name);
        if (!entry.Shape.SequenceEqual(destination.shape))
            throw new CheckpointException(Path, name, $"has shape [{string.Join(", ", entry.Shape)}]; expected [{string.Join(", ", destination.shape)}].");
        Copy(entry, destination);
    }

    /// <summary>Unmaps the file. Tensors that were read stay valid.</summary>
    public void Dispose()
    {
        if (mapped is null) return;
        mapped = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }

    private void Copy(SafetensorsEntry entry, Tensor destination)
    {
        ObjectDisposedException.ThrowIf(mapped is null, this);
        ChunkedCopy.ToTensor(mapped + view.PointerOffset + dataBegin + entry.Begin, entry.Type, destination);
    }

    private string NearbyNames() => Entries.Count == 0 ? "" : $": '{Entries[0].Name}'{(Entries.Count > 1 ? $" to '{Entries[^1].Name}'" : "")}";

    private static (SafetensorsHeader Header, long DataBegin) ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(lengthBytes, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
            throw new CheckpointException(path, null, $"the file has {stream.Length} bytes; expected at least the {LengthBytes} of the header length. Fetch it again.");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > SafetensorsHeader.LongestJson)
            throw new CheckpointException(path, null, $"the header length is {length}; expected at most {SafetensorsHeader.LongestJson}. This is not a safetensors file.");
        if ((long)length > stream.Length - LengthBytes)
            throw new CheckpointException(path, null, $"the header is truncated: {length} bytes were announced, {stream.Length - LengthBytes} follow. Fetch the file again.");

        var json = new byte[length];
        stream.ReadExactly(json);
        var dataBegin = LengthBytes + (long)length;
        return (SafetensorsHeader.Parse(json, path, stream.Length - dataBegin), dataBegin);
    }
}
