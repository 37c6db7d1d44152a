namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>Where the lines of a growing file stand, so that one of a million is read without the others. Brought up to date by whoever asks.</summary>
/// <typeparam name="T">What is kept of each line.</typeparam>
public sealed class LineIndex<T>(string path, LineIndex<T>.LineKey keyOf) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private LineTail tail = new(path);
    private List<(T Key, long Offset, int Length)> lines = [];

    /// <summary>What to keep of a line; false leaves it out as unreadable.</summary>
    public delegate bool LineKey(ReadOnlySpan<byte> line, out T key);

    /// <summary>All lines that are there by now.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<(T Key, long Offset, int Length)>> ReadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() =>
            {
                var found = new List<(T, long, int)>();
                if (!tail.Read(Take, cancellationToken))
                {
                    // Another file took the place of the one that was read.
                    (tail, lines) = (new LineTail(path), []);
                    found.Clear();
                    tail.Read(Take, cancellationToken);
                }
                // Readers hold the list they were given, so it is never changed.
                if (found.Count > 0) lines = [.. lines, .. found];

                void Take(ReadOnlySpan<byte> line, long offset)
                {
                    if (keyOf(line, out var key)) found.Add((key, offset, line.Length));
                }
            }, cancellationToken);
            return lines;
        }
        finally { turn.Release(); }
    }

    /// <summary>The text of lines, in the given order.</summary>
    public async Task<IReadOnlyList<byte[]>> TextAsync(IEnumerable<(long Offset, int Length)> places, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        var texts = new List<byte[]>();
        foreach (var (offset, length) in places)
        {
            var text = new byte[length];
            file.Position = offset;
            await file.ReadExactlyAsync(text, cancellationToken);
            texts.Add(text);
        }
        return texts;
    }

    public void Dispose() => turn.Dispose();
}
