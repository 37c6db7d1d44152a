using System.Runtime.InteropServices;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>The learned merges, and the merging itself (Sennrich et al. 2016): again and again the pair that was learned first.</summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<(int Left, int Right), Merge> merges;
    private readonly int[] idOfByte;

    /// <param name="idOfByte">The id of each of the 256 bytes.</param>
    /// <param name="merges">Left and right id and the id of both together, first learned first.</param>
    public BytePairMerges(int[] idOfByte, IReadOnlyList<(int Left, int Right, int Joined)> merges)
    {
        this.idOfByte = idOfByte;
        this.merges = new Dictionary<(int, int), Merge>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++) this.merges[(merges[rank].Left, merges[rank].Right)] = new Merge(rank, merges[rank].Joined);
    }

    /// <summary>Appends the ids of one piece.</summary>
    public void Encode(ReadOnlySpan<byte> piece, List<int> ids)
    {
        if (piece.Length <= LongPiece) EncodeByScanning(piece, ids);
        else EncodeByQueue(piece, ids);
    }

    /// <summary>Above this length the scan, whose cost grows with the square of the length, loses to the queue.</summary>
    private const int LongPiece = 48;

    internal void EncodeByScanning(ReadOnlySpan<byte> piece, List<int> ids)
    {
        Span<int> tokens = piece.Length <= LongPiece ? stackalloc int[piece.Length] : new int[piece.Length];
        for (var i = 0; i < piece.Length; i++) tokens[i] = idOfByte[piece[i]];

        var count = tokens.Length;
        while (count > 1)
        {
            var (best, at) = (new Merge(int.MaxValue, 0), -1);
            for (var i = 0; i + 1 < count; i++)
                if (merges.TryGetValue((tokens[i], tokens[i + 1]), out var merge) && merge.Rank < best.Rank) (best, at) = (merge, i);
            if (at < 0) break;

            tokens[at] = best.Joined;
            tokens[(at + 2)..count].CopyTo(tokens[(at + 1)..]);
            count--;
        }
        ids.AddRange(tokens[..count]);
    }

    internal void EncodeByQueue(ReadOnlySpan<byte> piece, List<int> ids)
    {
        // A linked list in arrays: next[i] is the start of the token after the one that starts at i; a token swallowed by its left neighbour is -1.
        var tokens = new int[piece.Length];
        var (next, previous) = (new int[piece.Length], new int[piece.Length]);
        for (var i = 0; i < piece.Length; i++) (tokens[i], next[i], previous[i]) = (idOfByte[piece[i]], i + 1, i - 1);

        var waiting = new PriorityQueue<(int At, int Left, int Right, int Joined), (int Rank, int At)>();
        for (var i = 0; i + 1 < piece.Length; i++) Offer(i);

        while (waiting.TryDequeue(out var merge, out _))
        {
            var right = next[merge.At];
            var isStale = tokens[merge.At] != merge.Left || right >= tokens.Length || tokens[right] != merge.Right;
            if (isStale) continue;

            tokens[merge.At] = merge.Joined;
            tokens[right] = -1;
            next[merge.At] = next[right];
            if (next[right] < tokens.Length) previous[next[right]] = merge.At;

            if (previous[merge.At] >= 0) Offer(previous[merge.At]);
            Offer(merge.At);
        }

        for (var i = 0; i < tokens.Length; i = next[i]) ids.Add(tokens[i]);

        void Offer(int at)
        {
            var right = next[at];
            if (right < tokens.Length && merges.TryGetValue((tokens[at], tokens[right]), out var merge))
                waiting.Enqueue((at, tokens[at], tokens[right], merge.Joined), (merge.Rank, at));
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Merge(int Rank, int Joined);
}
