using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Keys and values of everything a batch has read, per layer. Owned by the generation loop and passed to the model.</summary>
/// <remarks>Room grows by doubling, so a step costs one write and no reallocation. B batch, G key/value heads, S tokens read, D head width.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private readonly LayerCache[] layers;

    public KeyValueCache(int layers, int capacity = 256) => this.layers = [.. Enumerable.Range(0, layers).Select(_ => new LayerCache(capacity))];

    /// <summary>Tokens read so far, padding included.</summary>
    public long Length => layers[^1].Length;

    public LayerCache Layer(int index) => layers[index];

    /// <summary>Keeps the given rows of the batch, in that order.</summary>
    /// <param name="rows">[rows to keep], on the cache's device.</param>
    public void KeepRows(Tensor rows)
    {
        foreach (var layer in layers) layer.KeepRows(rows);
    }

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
    }
}

/// <summary>One layer's part of a <see cref="KeyValueCache"/>.</summary>
public sealed class LayerCache(int capacity) : IDisposable
{
    private Tensor? keys, values;   // [B, G, room, D]

    public long Length { get; private set; }

    /// <summary>Adds T tokens and returns all S of them, as views that live in the caller's dispose scope.</summary>
    /// <param name="key">[B, G, T, D]; value alike.</param>
    public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
    {
        var (added, needed) = (key.shape[2], Length + key.shape[2]);
        if (keys is null || keys.shape[2] < needed) Grow(key, needed);
        keys!.narrow(2, Length, added).copy_(key);
        values!.narrow(2, Length, added).copy_(value);
        Length = needed;
        return (keys.narrow(2, 0, needed), values.narrow(2, 0, needed));
    }

    public void KeepRows(Tensor rows)
    {
        if (keys is null || values is null) return;
        Replace(keys.index_select(0, rows), values.index_select(0, rows));
    }

    public void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
    }

    private void Grow(Tensor like, long needed)
    {
        var room = Math.Max(needed, keys is null ? capacity : 2 * keys.shape[2]);
        long[] shape = [like.shape[0], like.shape[1], room, like.shape[3]];
        var (moreKeys, moreValues) = (empty(shape, dtype: like.dtype, device: like.device), empty(shape, dtype: like.dtype, device: like.device));
        if (keys is not null && values is not null)
        {
            moreKeys.narrow(2, 0, Length).copy_(keys.narrow(2, 0, Length));
            moreValues.narrow(2, 0, Length).copy_(values.narrow(2, 0, Length));
        }

        Replace(moreKeys, moreValues);
    }

    private void Replace(Tensor newKeys, Tensor newValues)
    {
        Dispose();
        (keys, values) = (newKeys.DetachFromDisposeScope(), newValues.DetachFromDisposeScope());
    }
}
