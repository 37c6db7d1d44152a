namespace FacialR1.Training.Data;

/// <summary>Prepares the batches that come next while the current one is learnt from. Any step may be asked for; steps in order are prepared ahead.</summary>
public sealed class BatchSource(IReadOnlyList<FaceSample> samples, int size, FaceAugmentation augmentation, int seed) : IDisposable
{
    // A graphics processor learns faster than one core makes views.
    private static readonly int Ahead = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);
    private readonly Dictionary<long, Task<FaceBatch>> prepared = [];

    /// <summary>The batch of one step; see <see cref="FaceBatch.Make"/>.</summary>
    public FaceBatch At(long step)
    {
        foreach (var stale in prepared.Keys.Where(key => key < step).ToArray()) prepared.Remove(stale);
        for (var next = step; next <= step + Ahead; next++)
        {
            var wanted = (int)next;
            if (!prepared.ContainsKey(next)) prepared[next] = Task.Run(() => FaceBatch.Make(samples, size, augmentation, seed, wanted));
        }

        return prepared[step].GetAwaiter().GetResult();
    }

    public void Dispose() => prepared.Clear();
}
