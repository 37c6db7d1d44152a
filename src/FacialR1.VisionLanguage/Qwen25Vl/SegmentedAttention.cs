using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Qwen25Vl;

/// <summary>Bidirectional attention in which every position sees its own segment only (a window or an image).</summary>
public static class SegmentedAttention
{
    /// <summary>softmax(QKᵀ/√D)·V within segments. Segments of equal length are computed together.</summary>
    /// <param name="query">[N, H, D]; key and value alike.</param>
    /// <param name="ends">Segment boundaries from 0 to N, ascending.</param>
    /// <returns>[N, H·D], owned by the caller.</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, IReadOnlyList<int> ends)
    {
        using var scope = NewDisposeScope();
        var groups = Enumerable.Range(0, ends.Count - 1).GroupBy(segment => ends[segment + 1] - ends[segment]).ToArray();
        if (groups.Length == 1) return Equal(query, key, value, groups[0].Key).MoveToOuterDisposeScope();

        var mixed = new List<Tensor>();
        var order = new List<long>();
        foreach (var group in groups)
        {
            var positions = group.SelectMany(segment => Enumerable.Range(ends[segment], group.Key)).Select(position => (long)position).ToArray();
            order.AddRange(positions);
            var index = tensor(positions, device: query.device);
            mixed.Add(Equal(query.index_select(0, index), key.index_select(0, index), value.index_select(0, index), group.Key));
        }

        var back = tensor(order.ToArray(), device: query.device).argsort();
        return cat(mixed, dim: 0).index_select(0, back).MoveToOuterDisposeScope();
    }

    private static Tensor Equal(Tensor query, Tensor key, Tensor value, long length)
    {
        var (heads, headWidth) = (query.shape[1], query.shape[2]);
        Tensor Split(Tensor x) => x.reshape(-1, length, heads, headWidth).transpose(1, 2);   // [S, H, L, D]
        var mixed = ScaledDotProduct.Mix(Split(query), Split(key), Split(value));
        return mixed.transpose(1, 2).reshape(-1, heads * headWidth);                         // [N, H·D]
    }
}
