namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>Reads a growing file of lines from where it stopped the last time. A line without its end stays for the next time.</summary>
/// <remarks>The writer may be another process: the file is opened for sharing and never locked.</remarks>
/// <param name="path">Need not exist yet.</param>
/// <param name="from">Where the first line to read begins, in bytes.</param>
public sealed class LineTail(string path, long from = 0)
{
    private const int ChunkSize = 1 << 20;
    private byte[] buffer = new byte[ChunkSize];

    /// <summary>Bytes read, up to the end of the last whole line.</summary>
    public long Position { get; private set; } = from;

    /// <summary>Gives the whole lines that came since, with the place where each begins.</summary>
    /// <returns>False when the file is shorter than what was read: it is another file, and the reader must start anew.</returns>
    public bool Read(LineReader take, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return Position == 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length < Position) return false;
        file.Position = Position;
        var filled = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);   // one line longer than the buffer
            var count = file.Read(buffer, filled, buffer.Length - filled);
            if (count == 0) break;
            filled += count;
            var used = 0;
            for (int end; (end = buffer.AsSpan(used, filled - used).IndexOf((byte)'\n')) >= 0; used += end + 1)
            {
                var line = buffer.AsSpan(used, end);
                if (!line.Trim(" \r\t"u8).IsEmpty) take(line, Position + used);
            }
            Position += used;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
        if (buffer.Length > ChunkSize) buffer = new byte[ChunkSize];
        return true;
    }

    /// <summary>Receives one line without its end.</summary>
    public delegate void LineReader(ReadOnlySpan<byte> line, long offset);
}
