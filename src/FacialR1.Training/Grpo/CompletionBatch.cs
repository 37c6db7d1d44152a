using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>Completions of one prompt laid out for a single pass: the prompt, the completion, padding behind it, which a causal decoder never looks at.</summary>
public sealed class CompletionBatch
{
    private readonly Tensor ids, positions;
    private readonly int promptLength;

    private CompletionBatch(Tensor ids, Tensor positions, int promptLength, Tensor written, Tensor mask) =>
        (this.ids, this.positions, this.promptLength, Written, Mask) = (ids, positions, promptLength, written, mask);

    /// <summary>[B, T], ids of the completions.</summary>
    public Tensor Written { get; }

    /// <summary>[B, T], 1 for tokens of the completion, 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <param name="prompt">With its image placeholders.</param>
    /// <param name="completions">At least one token each.</param>
    /// <param name="grid">Of the picture, the same for all.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    public static CompletionBatch Of(int[] prompt, IReadOnlyList<IReadOnlyList<int>> completions, int padding, Qwen25VlOptions options, PatchGrid grid)
    {
        var (rows, longest) = (completions.Count, completions.Max(completion => completion.Count));
        var length = prompt.Length + longest;
        var (ids, written, mask) = (new long[rows * length], new long[rows * longest], new float[rows * longest]);
        Array.Fill(ids, padding);
        Array.Fill(written, padding);
        for (var row = 0; row < rows; row++)
        {
            for (var index = 0; index < prompt.Length; index++) ids[row * length + index] = prompt[index];
            for (var index = 0; index < completions[row].Count; index++)
            {
                ids[row * length + prompt.Length + index] = written[row * longest + index] = completions[row][index];
                mask[row * longest + index] = 1;
            }
        }

        int[] whole = [.. prompt, .. Enumerable.Repeat(padding, longest)];
        var positions = MultimodalPositions.Of(whole, [grid], options.Tokens.Image, options.Vision.MergeSize);
        var places = stack([tensor(positions.Time), tensor(positions.Height), tensor(positions.Width)]).unsqueeze(1).expand(3, rows, length);
        return new CompletionBatch(tensor(ids, [rows, length]), places, prompt.Length, tensor(written, [rows, longest]), tensor(mask, [rows, longest]));
    }

    /// <summary>Scores before each written token: [B, T, V].</summary>
    /// <param name="visual">[B·tokens, W].</param>
    public Tensor Logits(Qwen25VlModel model, Tensor visual)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Read(ids, positions, visual);
        return model.Logits(hidden.narrow(1, promptLength - 1, Written.shape[1])).MoveToOuterDisposeScope();
    }
}
