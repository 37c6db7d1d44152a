using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FacialR1.Training.Runs;

/// <summary>What was cut off the end of a log when it was opened.</summary>
/// <param name="Bytes">How much.</param>
/// <param name="Beginning">The first characters of it, for people.</param>
public sealed record LogRepair(long Bytes, string Beginning);

/// <summary>Appends to <c>events.jsonl</c>: one JSON object a line, numbered from 1 without gaps, handed to the system line by line.</summary>
/// <remarks>
/// An end that is no event (a line cut short by a kill, zeros left by a power cut) is cut off when the log is opened again, and its number is used anew.
/// A line that cannot be written is taken back, so that a full disk leaves whole lines only. Not for several threads at once.
/// </remarks>
public sealed class EventLog : IDisposable
{
    private readonly string path;
    private readonly TimeProvider clock;
    private readonly Stream file;

    /// <param name="path">Made when absent; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be opened or repaired.</exception>
    public EventLog(string path, TimeProvider clock)
        // No buffer of its own: a line goes out in one write, and nothing is left behind to be written twice after a failure.
        : this(path, clock, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0))
    {
    }

    /// <param name="file">Readable, seekable and writable; closed with the log.</param>
    internal EventLog(string path, TimeProvider clock, Stream file)
    {
        (this.path, this.clock, this.file) = (path, clock, file);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var (whole, sequence) = LastEvent(bytes);
        Sequence = sequence;
        if (whole < bytes.Length)
        {
            var cut = bytes.AsSpan(whole);
            Repair = new LogRepair(cut.Length, Encoding.UTF8.GetString(cut[..Math.Min(cut.Length, 80)]).Replace('\0', '␀'));
            file.SetLength(whole);
        }

        file.Position = whole;
    }

    /// <summary>Number of the last event.</summary>
    public long Sequence { get; private set; }

    /// <summary>What was wrong with the end of the file; null when it was whole.</summary>
    public LogRepair? Repair { get; }

    /// <summary>Adds <c>sequence</c>, <c>time</c> (unless given) and <c>kind</c> to the fields and writes the line.</summary>
    /// <exception cref="IOException">The line was not written and its number is free again; the message says what to do.</exception>
    public void Append(string kind, JsonObject fields)
    {
        var line = new JsonObject { ["sequence"] = Sequence + 1, ["time"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ["kind"] = kind };
        foreach (var (key, value) in fields) line[key] = value?.DeepClone();
        var before = file.Position;
        try
        {
            file.Write(Encoding.UTF8.GetBytes(line.ToJsonString(JsonSerializerOptions.Default) + "\n"));
            file.Flush();
        }
        catch (IOException error)
        {
            TakeBack(before);
            throw new IOException($"{path} could not be written: {error.Message} Make room on the disk and start the run again with the same settings; it goes on where it was saved.", error);
        }

        Sequence++;
    }

    /// <summary>The first events of a process: what was repaired, and that the run started or goes on.</summary>
    /// <param name="fields">Further fields of the second event.</param>
    /// <exception cref="IOException">See <see cref="Append"/>.</exception>
    public void Begin(JsonObject? fields = null)
    {
        if (Repair is { } repair) Append("repaired", new JsonObject { ["bytes"] = repair.Bytes, ["reason"] = "The end of the log was no event and was cut off.", ["text"] = repair.Beginning });
        var begun = new JsonObject { ["process"] = Environment.ProcessId };
        foreach (var (key, value) in fields ?? []) begun[key] = value?.DeepClone();
        Append(Sequence == 0 ? "started" : "resumed", begun);
    }

    /// <summary>Waits until everything is on the disk: what is saved afterwards is never newer than the log, not even after a power cut.</summary>
    public void FlushToDisk()
    {
        if (file is FileStream stream) stream.Flush(flushToDisk: true);
    }

    public void Dispose() => file.Dispose();

    /// <summary>Half a line at the end would be repaired at the next start as well; taken back now, readers never see it.</summary>
    private void TakeBack(long length)
    {
        try
        {
            file.SetLength(length);
            file.Position = length;
        }
        catch (IOException)
        {
            // The next start cuts it off.
        }
    }

    /// <summary>Where the last line that is an event ends, and its number; 0 and 0 where there is none.</summary>
    private static (int End, long Sequence) LastEvent(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        while (end > 0)
        {
            var begin = bytes[..(end - 1)].LastIndexOf((byte)'\n') + 1;
            if (RunEvent.TryParse(bytes[begin..(end - 1)], out var last)) return (end, last.Sequence);
            end = begin;
        }

        return (0, 0);
    }
}
