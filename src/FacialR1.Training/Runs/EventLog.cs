using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>Appends to <c>events.jsonl</c>: one JSON object a line, numbered from 1 without gaps, flushed line by line.</summary>
/// <remarks>A line cut short by a kill is dropped when the log is opened again, and its number is used anew.</remarks>
public sealed class EventLog : IDisposable
{
    private readonly FileStream file;
    private readonly TimeProvider clock;

    public EventLog(string path, TimeProvider clock)
    {
        this.clock = clock;
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        file.SetLength(whole);
        file.Position = whole;
        Sequence = bytes.AsSpan(0, whole).Count((byte)'\n');
    }

    /// <summary>Number of the last event.</summary>
    public long Sequence { get; private set; }

    /// <summary>Adds <c>sequence</c> and <c>time</c> to the fields and writes the line.</summary>
    public void Append(string kind, JsonObject fields)
    {
        var line = new JsonObject { ["sequence"] = ++Sequence, ["time"] = clock.GetUtcNow().ToString("O"), ["kind"] = kind };
        foreach (var (key, value) in fields) line[key] = value?.DeepClone();
        file.Write(Encoding.UTF8.GetBytes(line.ToJsonString(JsonSerializerOptions.Default) + "\n"));
        file.Flush();
    }

    public void Dispose() => file.Dispose();
}
