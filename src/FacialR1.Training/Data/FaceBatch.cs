namespace FacialR1.Training.Data;

/// <summary>Random views of several samples with their targets, as plain arrays; made off the training thread.</summary>
/// <param name="Samples">B samples.</param>
/// <param name="Views">B views, one of each sample.</param>
/// <param name="Step">Counted from 0 over the whole run.</param>
public sealed record FaceBatch(int Step, IReadOnlyList<FaceSample> Samples, IReadOnlyList<FaceAugmentation.View> Views)
{
    /// <summary>Steps of one pass over the samples; a remainder that fills no batch is left for the next pass.</summary>
    public static int StepsPerPass(IReadOnlyCollection<FaceSample> samples, int size) => Math.Max(1, samples.Count / size);

    /// <summary>The batch of one step. An epoch is ⌊samples / size⌋ steps; each epoch has its own order.</summary>
    public static FaceBatch Make(IReadOnlyList<FaceSample> samples, int size, FaceAugmentation augmentation, int seed, int step)
    {
        var stepsPerEpoch = StepsPerPass(samples, size);
        var (epoch, within) = (step / stepsPerEpoch, step % stepsPerEpoch);
        var order = Order(samples.Count, Mix(seed, epoch));
        var chosen = Enumerable.Range(0, size).Select(row => order[(within * size + row) % samples.Count]).ToArray();
        return new FaceBatch(step, [.. chosen.Select(index => samples[index])],
            [.. chosen.Select(index => augmentation.Apply(samples[index], Mix(Mix(seed, epoch), index)))]);
    }

    /// <summary>Joins two numbers into a well-spread seed; stable over processes and versions.</summary>
    public static int Mix(int left, int right)
    {
        var mixed = unchecked(((ulong)(uint)left << 32 | (uint)right) * 0x9E3779B97F4A7C15UL);   // SplitMix64's finaliser
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        return (int)((mixed ^ (mixed >> 31)) & 0x7FFFFFFF);
    }

    private static int[] Order(int count, int seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }
}
