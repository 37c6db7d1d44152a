using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Training.Data;

namespace FacialR1.Training.Synthesis;

/// <summary>A file of one JSON object a line that only grows.</summary>
/// <remarks>A last line cut short by a kill is not there for a reader, and is taken away when the file is opened to go on.</remarks>
internal sealed class JsonLines : IDisposable
{
    private readonly FileStream file;

    /// <summary>Opens the file to append; makes it when absent.</summary>
    public JsonLines(string path)
    {
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var whole = EndOfLastLine();
        file.SetLength(whole);
        file.Position = whole;
    }

    /// <summary>All whole lines; none where there is no file. A reader beside the writer sees what was flushed.</summary>
    /// <exception cref="DataFormatException">A whole line is not a JSON object, or <paramref name="parse"/> cannot use it.</exception>
    public static IReadOnlyList<T> Read<T>(string path, Func<JsonObject, T> parse)
    {
        if (!File.Exists(path)) return [];
        string text;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var reader = new StreamReader(stream)) text = reader.ReadToEnd();
        List<T> values = [];
        foreach (var (index, line) in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            try
            {
                values.Add(parse(JsonNode.Parse(line) as JsonObject ?? throw new FormatException("not an object.")));
            }
            catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException or NullReferenceException or KeyNotFoundException)
            {
                throw new DataFormatException($"{path}, line {index + 1} cannot be read: {error.Message} Repair or delete that line.", error);
            }
        }

        return values;
    }

    /// <summary>Writes lines in one piece and hands them to the system.</summary>
    public void Append(IEnumerable<JsonObject> lines)
    {
        file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.ToJsonString(JsonSerializerOptions.Default) + "\n"))));
        file.Flush();
    }

    public void Dispose() => file.Dispose();

    private long EndOfLastLine()
    {
        var buffer = new byte[1 << 16];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length);
            file.Position = start;
            var piece = buffer.AsSpan(0, (int)(end - start));
            file.ReadExactly(piece);
            if (piece.LastIndexOf((byte)'\n') is >= 0 and var at) return start + at + 1;
            end = start;
        }

        return 0;
    }
}
