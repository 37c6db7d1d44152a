namespace FacialR1.Training.Runs;

/// <summary>Reads <c>events.jsonl</c> piece by piece while another process may be writing it. Keeps its place; holds no file open between reads.</summary>
/// <remarks>
/// A last line without its line break, or one that is no event, is left for later: the writer either completes it or cuts it off when it goes on.
/// A line that is no event with an event behind it is damage in the middle of the file and will never be cut: it is passed over and counted.
/// Not for several threads at once.
/// </remarks>
/// <param name="file">Need not exist yet.</param>
/// <param name="after">Events up to this sequence number are passed over.</param>
public sealed class RunEventReader(string file, long after = 0)
{
    private const int FirstChunk = 1 << 16, LongestLine = 1 << 26;
    private byte[] chunk = new byte[FirstChunk];
    private long place;

    /// <summary>Number of the last event that was handed out or passed over.</summary>
    public long Sequence { get; private set; } = after;

    /// <summary>Lines passed over because they are no events.</summary>
    public int DamagedLines { get; private set; }

    /// <summary>The events written since the last read, in order and each once; empty when there is nothing new.</summary>
    /// <param name="atMost">How many to hand out at once; the rest comes with the next read.</param>
    /// <exception cref="IOException">The file is there but cannot be read.</exception>
    public IReadOnlyList<RunEvent> Read(int atMost = 1000)
    {
        var events = new List<RunEvent>();
        using var log = Open();
        if (log is null) return events;
        // Shorter than what was read: the file was replaced. Numbers already handed out are passed over below.
        if (log.Length < place) place = 0;
        while (events.Count < atMost)
        {
            log.Position = place;
            var length = log.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
            var used = Take(chunk.AsSpan(0, length), events, atMost);
            place += used;
            if (length < chunk.Length) break;
            if (used > 0) continue;
            if (chunk.Length >= LongestLine) throw new IOException($"{file} holds a line of more than {LongestLine >> 20} MB after event {Sequence}; it is no event log.");
            Array.Resize(ref chunk, chunk.Length * 2);
        }

        return events;
    }

    private int Take(ReadOnlySpan<byte> bytes, List<RunEvent> events, int atMost)
    {
        var used = 0;
        while (events.Count < atMost && bytes[used..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.Slice(used, length);
            if (RunEvent.TryParse(line, out var read))
            {
                if (read.Sequence > Sequence)
                {
                    events.Add(read);
                    Sequence = read.Sequence;
                }
            }
            else if (HoldsEvent(bytes[(used + length + 1)..])) DamagedLines++;
            else return used;
            used += length + 1;
        }

        return used;
    }

    private static bool HoldsEvent(ReadOnlySpan<byte> bytes)
    {
        foreach (var line in bytes[..(bytes.LastIndexOf((byte)'\n') + 1)].Split((byte)'\n'))
            if (RunEvent.TryParse(bytes[line], out _)) return true;
        return false;
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
