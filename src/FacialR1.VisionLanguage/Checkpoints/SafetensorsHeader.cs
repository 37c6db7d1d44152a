using System.Text.Json;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The JSON header of a safetensors file, checked: after parsing, every entry lies inside the data and none overlaps another.</summary>
/// <remarks>
/// Format (github.com/huggingface/safetensors): 8 bytes little-endian header length, that many bytes of JSON, then the data. The data is indexed
/// without holes, so a file that was cut short or written twice is noticed here and not in a layer's output.
/// </remarks>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference reader's limit; a longer header is an attack or not a safetensors file.</summary>
    public const long LongestJson = 100_000_000;

    private const string MetadataKey = "__metadata__";

    /// <param name="json">The header's text, without the length in front.</param>
    /// <param name="file">Path for messages.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <exception cref="CheckpointException">Names every entry that is wrong.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, string file, long dataLength)
    {
        var problems = new List<CheckpointProblem>();
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CheckpointException(file, null, $"the header is a JSON {document.RootElement.ValueKind}; expected an object of tensors.");

            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey) ReadMetadata(property.Value, metadata, file, problems);
                else if (ReadEntry(property, out var fault) is { } entry) entries.Add(entry);
                else problems.Add(new(file, property.Name, fault));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)   // the latter: text that is not UTF-8
        {
            throw new CheckpointException(file, null, $"the header is not valid JSON ({error.Message}) Fetch or export the file again.", error);
        }

        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.ByteCount.CompareTo(b.ByteCount));
        CheckLayout(entries, file, dataLength, complete: problems.Count == 0, problems);
        CheckpointException.ThrowIfAny(problems);
        return new(entries, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string file, List<CheckpointProblem> problems)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(pair => pair.Value.ValueKind != JsonValueKind.String))
        {
            problems.Add(new(file, null, $"{MetadataKey} must map text to text."));
            return;
        }

        foreach (var pair in value.EnumerateObject()) metadata[pair.Name] = pair.Value.GetString()!;
    }

    private static SafetensorsEntry? ReadEntry(JsonProperty property, out string fault)
    {
        var value = property.Value;
        fault = "";
        if (value.ValueKind != JsonValueKind.Object)
        {
            fault = $"its entry is a JSON {value.ValueKind}; expected an object with dtype, shape and data_offsets.";
            return null;
        }

        var typeName = value.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String ? dtype.GetString() : null;
        if (!SafetensorsType.TryParse(typeName, out var type))
        {
            fault = $"unknown dtype {(typeName is null ? "(none)" : $"'{typeName}'")}; expected one of {SafetensorsType.KnownNames}.";
            return null;
        }

        if (!TryReadSizes(value, "shape", out var shape))
        {
            fault = "shape must be an array of whole numbers, none negative.";
            return null;
        }

        if (!TryReadSizes(value, "data_offsets", out var offsets) || offsets.Length != 2 || offsets[0] > offsets[1])
        {
            fault = "data_offsets must be [begin, end] with 0 <= begin <= end.";
            return null;
        }

        var expected = shape.Aggregate((Int128)SafetensorsType.SizeOf(type), SaturatingProduct);
        var found = offsets[1] - offsets[0];
        if (expected != found)
        {
            fault = $"{typeName} of shape [{string.Join(", ", shape)}] takes {expected} bytes, but data_offsets span {found}.";
            return null;
        }

        return new(property.Name, type, shape, offsets[0], found);
    }

    /// <summary>A hostile shape may overflow 128 bits too; above the largest file the exact product no longer matters.</summary>
    private static Int128 SaturatingProduct(Int128 product, long size) => product > long.MaxValue && size > 0 ? product : product * size;

    private static bool TryReadSizes(JsonElement owner, string key, out long[] sizes)
    {
        sizes = [];
        if (!owner.TryGetProperty(key, out var array) || array.ValueKind != JsonValueKind.Array) return false;

        var read = new long[array.GetArrayLength()];
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var size) || size < 0) return false;
            read[index++] = size;
        }

        sizes = read;
        return true;
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, string file, long dataLength, bool complete, List<CheckpointProblem> problems)
    {
        SafetensorsEntry? previous = null;
        foreach (var entry in entries)
        {
            var free = previous is null ? 0 : previous.Begin + previous.ByteCount;
            var end = entry.Begin + entry.ByteCount;
            if (end > dataLength)
                problems.Add(new(file, entry.Name, $"the data is truncated: bytes {entry.Begin} to {end} were expected, the file holds {dataLength} data bytes. Fetch the file again."));
            else if (entry.Begin < free)
                problems.Add(new(file, entry.Name, $"overlaps '{previous!.Name}': it begins at byte {entry.Begin}, expected {free} or later."));
            else if (entry.Begin > free && complete)
                problems.Add(new(file, entry.Name, $"begins at byte {entry.Begin}, expected {free}: bytes between tensors belong to none."));

            if (previous is null || end > free) previous = entry;
        }

        var used = previous is null ? 0 : previous.Begin + previous.ByteCount;
        if (complete && used < dataLength)
            problems.Add(new(file, null, $"{dataLength - used} bytes follow the last tensor; expected the file to end there."));
    }
}
