using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Optimization;

/// <summary>An exponential moving average of weights, in float32; it usually generalises better than the last weights.</summary>
public sealed class WeightAverage : IDisposable
{
    private readonly (string Name, Tensor Weight, Tensor Average)[] rows;

    /// <param name="weights">Parameters and buffers by name; whole numbers are copied, not averaged.</param>
    public WeightAverage(IEnumerable<(string Name, Tensor Weight)> weights)
    {
        using var noGradient = no_grad();
        rows = [.. weights.Select(row => (row.Name, row.Weight, Wide(row.Weight).clone().DetachFromDisposeScope()))];
    }

    /// <summary>Moves the average towards the weights; early steps move it faster, so that it forgets the beginning.</summary>
    /// <param name="decay">Share that stays, in [0, 1), once the run is long.</param>
    public void Update(long step, double decay)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var keep = Math.Min(decay, (1.0 + step) / (10.0 + step));
        foreach (var (_, weight, average) in rows)
        {
            if (average.is_floating_point()) average.mul_(keep).add_(Wide(weight), alpha: 1 - keep);
            else average.copy_(weight);
        }
    }

    /// <summary>Puts the average in place of the weights until the result is disposed of.</summary>
    public IDisposable InPlace()
    {
        using var noGradient = no_grad();
        var kept = rows.Select(row => row.Weight.detach().clone().DetachFromDisposeScope()).ToArray();
        Apply();
        return new Restore(() =>
        {
            using var inner = no_grad();
            foreach (var (row, old) in rows.Zip(kept))
            {
                row.Weight.copy_(old);
                old.Dispose();
            }
        });
    }

    /// <summary>Puts the average in place of the weights for good.</summary>
    public void Apply()
    {
        using var noGradient = no_grad();
        foreach (var (_, weight, average) in rows) weight.copy_(average);
    }

    /// <summary>The averages by name, for the run's state.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => rows.Select(row => ($"average.{row.Name}", row.Average));

    public void Dispose()
    {
        foreach (var row in rows) row.Average.Dispose();
    }

    private static Tensor Wide(Tensor weight) => weight.is_floating_point() ? weight.detach().to(ScalarType.Float32) : weight.detach();

    private sealed class Restore(Action act) : IDisposable
    {
        public void Dispose() => act();
    }
}
