using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Probing;

/// <summary>
/// Integrated gradients of the log-probability of some words over the pixels the vision tower reads: along a straight path from the mean colour of the face to the face.
/// In parts, so that answers can be written in between. Belongs to the thread that owns the checkpoint.
/// </summary>
/// <remarks>N patches, L numbers in one, S steps of a part.</remarks>
public sealed class IntegratedGradients
{
    private readonly LoadedCheckpoint checkpoint;
    private readonly ForcedSequence sequence;
    private readonly ForcedText text;
    private readonly long[] target;   // which of the forced tokens count
    private readonly RgbImage start;
    private readonly float[] from, to;
    private readonly double[] sums;
    private int done;

    /// <param name="checkpoint">Its parameters need no gradients.</param>
    /// <param name="text">What is said; the target lies in it.</param>
    /// <param name="target">The words whose probability is explained.</param>
    /// <param name="steps">Points on the path, at least 1: more is closer.</param>
    /// <exception cref="ArgumentException">No token reaches into the target.</exception>
    public IntegratedGradients(LoadedCheckpoint checkpoint, ForcedText text, TextSpan target, int steps)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        (this.checkpoint, this.text, Steps) = (checkpoint, text, steps);
        start = new Covering(text.Face, Filling.Mean).Cover(PixelMask.Whole(text.Face.Width, text.Face.Height));
        var (face, blank) = (checkpoint.See(text.Face), checkpoint.See(start));
        (to, from) = (face.Values, blank.Values);
        sequence = ForcedSequence.Of(checkpoint, text, face);
        this.target = [.. sequence.Spans.Index().Where(token => token.Item.Start < target.End && token.Item.End > target.Start).Select(token => (long)token.Index)];
        if (this.target.Length == 0) throw new ArgumentException("No word lies in the target.", nameof(target));
        sums = new double[face.Grid.Patches];
        Target = target;
    }

    public int Steps { get; }

    public TextSpan Target { get; }

    public int Done => done;

    /// <summary>Takes some more steps; false when all are taken.</summary>
    public bool Continue(int most)
    {
        var count = Math.Min(most, Steps - done);
        if (count <= 0) return false;
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var model = checkpoint.Model;
        var image = sequence.Images[0];
        var start = tensor(from, device: model.Device);
        var way = tensor(to, device: model.Device) - start;                                                          // [N · L]
        var shares = (arange(done, done + count, ScalarType.Float32, model.Device) + 0.5) / Steps;                   // midpoints: [S]
        var pixels = (start.unsqueeze(0) + shares.unsqueeze(1) * way.unsqueeze(0)).view(-1, image.PatchLength).detach().requires_grad_(true);   // [S · N, L]
        var hidden = PromptReader.Read(model, [.. Enumerable.Repeat((sequence.Read, sequence.Positions, sequence.Images), count)], checkpoint.Tokens.Padding, null, pixels);   // [S, T, W]

        var first = sequence.Read.Count - sequence.Forced.Count;   // the state from which the first forced token follows
        var places = tensor(target, device: model.Device) + first;
        var said = tensor(target.Select(index => (long)sequence.Forced[(int)index]).ToArray(), device: model.Device);
        var scores = model.Logits(hidden.index_select(1, places)).to(ScalarType.Float32).log_softmax(-1);            // [S, targets, V]
        scores.gather(2, said.view(1, -1, 1).expand(count, -1, 1)).sum().backward();

        var parts = (pixels.grad!.view(count, -1) * way.unsqueeze(0)).sum(new long[] { 0 }).view(-1, image.PatchLength).sum(new long[] { 1 }) / Steps;   // [N]
        var values = parts.to(ScalarType.Float64).cpu().data<double>().ToArray();
        for (var patch = 0; patch < sums.Length; patch++) sums[patch] += values[patch];
        done += count;
        return done < Steps;
    }

    /// <summary>The map, once all steps are taken.</summary>
    public PatchAttribution Finish()
    {
        if (done < Steps) throw new InvalidOperationException("Not all steps are taken.");
        var ends = ForcedReader.Read(checkpoint, [text, text with { Face = start }]).Select(reading => reading.LogProbabilityOf(Target)).ToArray();
        var grid = sequence.Images[0].Grid;
        var merge = checkpoint.Model.Options.Vision.MergeSize;
        var values = new double[sums.Length];
        for (var index = 0; index < sums.Length; index++)
        {
            // Patches come cell by cell, a cell's patches in reading order.
            var (cell, inside) = (index / (merge * merge), index % (merge * merge));
            var row = cell / (grid.Width / merge) * merge + inside / merge;
            var column = cell % (grid.Width / merge) * merge + inside % merge;
            values[row * grid.Width + column] = sums[index];
        }

        return new PatchAttribution(grid.Height, grid.Width, values, ends[0], ends[1], Steps);
    }
}
