using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Keys and values of everything a batch has read, per layer. Owned by the generation loop and passed to the model.</summary>
/// <remarks>Room grows by doubling, so a step costs one write and no reallocation. B batch, G key/value heads, S tokens read, D head width.</remarks>
public sealed class KeyValueCache : IKeyValueMemory, IDisposable
{
    private readonly LayerCache[] layers;

    /// <param name="layers">Decoder layers.</param>
    /// <param name="capacity">Tokens there is room for before the first growth.</param>
    public KeyValueCache(int layers, long capacity = 256) : this([.. Enumerable.Range(0, layers).Select(_ => new LayerCache(capacity))])
    {
    }

    private KeyValueCache(LayerCache[] layers) => this.layers = layers;

    /// <summary>Tokens read so far, padding included.</summary>
    public long Length => layers[^1].Length;

    public ILayerMemory Layer(int index) => layers[index];

    /// <summary>Keeps the given rows of the batch, in that order; a row named twice is there twice.</summary>
    /// <param name="rows">[rows to keep], on the cache's device.</param>
    /// <param name="skipped">Tokens at the front that nobody needs any more: padding shared by all rows.</param>
    public void KeepRows(Tensor rows, long skipped = 0)
    {
        foreach (var layer in layers) layer.KeepRows(rows, skipped);
    }

    /// <summary>Adds the rows of another batch below. The shorter of the two gets padding in front, so that both end together.</summary>
    public void Join(KeyValueCache other)
    {
        foreach (var (layer, joining) in layers.Zip(other.layers)) layer.Join(joining);
    }

    /// <summary>A cache of one row of this one, without the padding in front.</summary>
    /// <param name="row">Index in the batch.</param>
    /// <param name="padding">Tokens at the front to leave out.</param>
    /// <param name="room">Tokens that will be added.</param>
    public KeyValueCache CopyRow(int row, long padding, long room) => new([.. layers.Select(layer => layer.CopyRow(row, padding, room))]);

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
    }
}

/// <summary>One layer's part of a <see cref="KeyValueCache"/>.</summary>
public sealed class LayerCache(long capacity) : ILayerMemory, IDisposable
{
    private Tensor? keys, values;   // [B, G, room, D]

    public long Length { get; private set; }

    /// <summary>Adds T tokens and returns all S of them, as views that live in the caller's dispose scope.</summary>
    /// <param name="key">[B, G, T, D]; value alike.</param>
    public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
    {
        var (added, needed) = (key.shape[2], Length + key.shape[2]);
        if (keys is null || values is null || keys.shape[2] < needed)
        {
            var room = Math.Max(needed, keys is null ? capacity : 2 * keys.shape[2]);
            (keys, values) = (Moved(keys, key, room), Moved(values, value, room));
        }

        keys.narrow(2, Length, added).copy_(key);
        values.narrow(2, Length, added).copy_(value);
        Length = needed;
        return (keys.narrow(2, 0, needed), values.narrow(2, 0, needed));
    }

    internal void KeepRows(Tensor rows, long skipped)
    {
        if (keys is null || values is null) return;
        (keys, values) = (Kept(keys), Kept(values));
        Length -= skipped;

        Tensor Kept(Tensor all)
        {
            using var scope = NewDisposeScope();
            using var left = all;
            var kept = Room(rows.shape[0], all, all.shape[2]);
            kept.narrow(2, 0, Length - skipped).copy_(all.narrow(2, skipped, Length - skipped).index_select(0, rows));
            return kept.DetachFromDisposeScope();
        }
    }

    internal void Join(LayerCache other)
    {
        if (other.keys is null || other.values is null) return;
        if (keys is null || values is null) throw new InvalidOperationException("Rows can only join a cache that has read something.");
        var length = Math.Max(Length, other.Length);
        (keys, values) = (Both(keys, other.keys), Both(values, other.values));
        Length = length;

        Tensor Both(Tensor mine, Tensor theirs)
        {
            using var scope = NewDisposeScope();
            using var left = mine;
            var (above, below) = (mine.shape[0], theirs.shape[0]);
            var both = Room(above + below, mine, Math.Max(mine.shape[2], theirs.shape[2]));
            // Padding is masked, but 0 × NaN is NaN: what was never written must not stay undefined.
            both.narrow(2, 0, length).zero_();
            both.narrow(0, 0, above).narrow(2, length - Length, Length).copy_(mine.narrow(2, 0, Length));
            both.narrow(0, above, below).narrow(2, length - other.Length, other.Length).copy_(theirs.narrow(2, 0, other.Length));
            return both.DetachFromDisposeScope();
        }
    }

    internal LayerCache CopyRow(int row, long padding, long room)
    {
        var copy = new LayerCache(capacity);
        if (keys is null || values is null) return copy;
        (copy.keys, copy.values, copy.Length) = (Copied(keys), Copied(values), Length - padding);
        return copy;

        Tensor Copied(Tensor all)
        {
            using var scope = NewDisposeScope();
            var one = Room(1, all, Length - padding + room);
            one.narrow(2, 0, Length - padding).copy_(all.narrow(0, row, 1).narrow(2, padding, Length - padding));
            return one.DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
    }

    private Tensor Moved(Tensor? from, Tensor like, long room)
    {
        using var scope = NewDisposeScope();
        using var left = from;
        var moved = Room(like.shape[0], like, room);
        if (from is not null) moved.narrow(2, 0, Length).copy_(from.narrow(2, 0, Length));
        return moved.DetachFromDisposeScope();
    }

    private static Tensor Room(long rows, Tensor like, long room) =>
        empty([rows, like.shape[1], room, like.shape[3]], dtype: like.dtype, device: like.device);
}
