using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Supervised;

/// <summary>One prompt and the response to learn.</summary>
/// <param name="Prompt">Up to and including the assistant header, with one placeholder per visual token.</param>
/// <param name="Response">Response tokens and the end of the turn.</param>
/// <param name="Weights">What each response token weighs in the loss; 0 leaves it out.</param>
public sealed record ReportRow(int[] Prompt, int[] Response, float[] Weights)
{
    /// <summary>What the model reads in place of the response, e.g. with noise; as long as the response. Null: the response itself.</summary>
    public int[]? Read { get; init; }
}

/// <summary>Rows of prompt and response of any length, laid out for one forward pass; the loss counts response tokens only.</summary>
/// <remarks>
/// Padding stands behind the response, where a causal decoder never looks, so no mask is needed. The vocabulary head runs on the N places that predict a
/// response token and nowhere else. B rows, T tokens of the longest row, N response tokens of all rows, V vocabulary. The tensors belong to the dispose
/// scope in which the batch was made, or to this object where there is none.
/// </remarks>
public sealed class ReportBatch : IDisposable
{
    private readonly int[] firstPlaces;

    private ReportBatch(Tensor ids, Tensor positions, Tensor places, Tensor targets, Tensor weights, int[] firstPlaces)
    {
        (Ids, Positions, Places, Targets, Weights) = (ids, positions, places, targets, weights);
        this.firstPlaces = firstPlaces;
    }

    /// <summary>[B, T]. The last response token is not read: nothing follows it.</summary>
    public Tensor Ids { get; }

    /// <summary>[3, B, T], see <see cref="MultimodalPositions"/>.</summary>
    public Tensor Positions { get; }

    /// <summary>[N]: where in the flattened [B·T] the token stands that predicts each target.</summary>
    public Tensor Places { get; }

    /// <summary>[N]: the response tokens, row after row.</summary>
    public Tensor Targets { get; }

    /// <summary>[N].</summary>
    public Tensor Weights { get; }

    /// <summary>Tokens read, padding included: B · T.</summary>
    public long Tokens => Ids.numel();

    /// <summary>Lays out rows of one picture each.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="grids">The picture of each row.</param>
    /// <param name="options">Of the model that will read the batch.</param>
    /// <param name="device">CPU unless given.</param>
    /// <exception cref="ArgumentException">Rows and grids differ in number, lengths within a row differ, placeholders do not fit the picture, or no token weighs anything.</exception>
    public static ReportBatch Of(IReadOnlyList<ReportRow> rows, IReadOnlyList<PatchGrid> grids, Qwen25VlOptions options, Device? device = null)
    {
        Check(rows, grids);
        var (count, length) = (rows.Count, rows.Max(row => row.Prompt.Length + row.Response.Length - 1));
        var total = rows.Sum(row => row.Response.Length);
        var (ids, axes) = (new long[count * length], new long[3 * count * length]);
        var (places, targets, weights) = (new long[total], new long[total], new float[total]);
        var firstPlaces = new int[count];
        Array.Fill(ids, options.Tokens.Padding ?? 0);
        var filled = 0;
        for (var row = 0; row < count; row++)
        {
            var (prompt, response, start) = (rows[row].Prompt, rows[row].Response, row * length);
            int[] read = [.. prompt, .. (rows[row].Read ?? response).AsSpan(..^1)];
            for (var index = 0; index < read.Length; index++) ids[start + index] = read[index];
            var positions = MultimodalPositions.Of(read, [grids[row]], options.Tokens.Image, options.Vision.MergeSize);
            foreach (var (axis, values) in new[] { positions.Time, positions.Height, positions.Width }.Index()) values.CopyTo(axes, axis * count * length + start);

            firstPlaces[row] = filled;
            for (var index = 0; index < response.Length; index++, filled++)
            {
                places[filled] = start + prompt.Length - 1 + index;
                (targets[filled], weights[filled]) = (response[index], rows[row].Weights[index]);
            }
        }

        return new ReportBatch(tensor(ids, [count, length], device: device), tensor(axes, [3, count, length], device: device),
            tensor(places, device: device), tensor(targets, device: device), tensor(weights, device: device), firstPlaces);
    }

    /// <summary>Index among the N of one response token of a row, to find its logits again.</summary>
    public int PlaceOf(int row, int token) => firstPlaces[row] + token;

    /// <summary>Scores of the response tokens.</summary>
    /// <param name="visual">[visual tokens of all rows, W], from <see cref="VisionTower.Encode"/>, in the order of the rows.</param>
    /// <returns>[N, V] in float32, owned by the caller.</returns>
    public Tensor Logits(Qwen25VlModel model, Tensor visual)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Read(Ids, Positions, visual);                                   // [B, T, W]
        var deciding = hidden.flatten(0, 1).index_select(0, Places);                       // [N, W]
        return model.Logits(deciding).to(ScalarType.Float32).MoveToOuterDisposeScope();   // [N, V]
    }

    /// <summary>Σ weight · −log p(token) / Σ weight over all response tokens; a scalar.</summary>
    public Tensor Loss(Qwen25VlModel model, Tensor visual)
    {
        using var scope = NewDisposeScope();
        return Loss(Logits(model, visual)).MoveToOuterDisposeScope();
    }

    /// <summary>The same from logits that are already there.</summary>
    /// <param name="logits">[N, V] from <see cref="Logits"/>.</param>
    public Tensor Loss(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return ((functional.cross_entropy(logits, Targets, reduction: Reduction.None) * Weights).sum() / Weights.sum()).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Places.Dispose();
        Targets.Dispose();
        Weights.Dispose();
    }

    private static void Check(IReadOnlyList<ReportRow> rows, IReadOnlyList<PatchGrid> grids)
    {
        if (rows.Count == 0) throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        if (rows.Count != grids.Count) throw new ArgumentException($"{rows.Count} rows came with {grids.Count} pictures; each row has one.", nameof(grids));
        foreach (var (index, row) in rows.Index())
        {
            if (row.Prompt.Length == 0 || row.Response.Length == 0) throw new ArgumentException($"Row {index} has no prompt or no response.", nameof(rows));
            if (row.Weights.Length != row.Response.Length || (row.Read?.Length ?? row.Response.Length) != row.Response.Length)
                throw new ArgumentException(
                    $"Row {index} has {row.Response.Length} response tokens, {row.Weights.Length} weights and {row.Read?.Length ?? row.Response.Length} tokens to read; all must be equal.",
                    nameof(rows));
        }

        if (!rows.Any(row => row.Weights.Any(weight => weight > 0))) throw new ArgumentException("No response token weighs more than 0, so there is nothing to learn.", nameof(rows));
    }
}
