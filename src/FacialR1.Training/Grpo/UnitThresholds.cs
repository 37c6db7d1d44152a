using FacialR1.Training.Data;
using FacialR1.Training.Supervised;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>From which probability of being right on naming a unit pays, learnt from the rollouts: half of the F1 that the policy reaches on that unit, or more where a wrong unit is worse than a missing one.</summary>
/// <remarks>
/// F_β is highest when everything is named that is likelier than F_β / (1 + β²) (Lipton, Elkan and Naryanaswamy 2014, there for β = 1), which is right / (named + β²·labelled).
/// What was seen long ago counts less and less.
/// </remarks>
public sealed class UnitThresholds : IDisposable
{
    private const double Kept = 0.9, Lowest = 0.1, Highest = 0.6, PriorCompletions = 400;
    private const int Hits = 0, Named = 1, Labelled = 2;
    private static readonly Dictionary<int, int> Rows = FerAuFolder.ActionUnits.Index().ToDictionary(row => row.Item, row => row.Index);
    private readonly double labelledWeight;   // β²

    /// <param name="samples">The training split only. Those without AU labels do not count.</param>
    /// <param name="common">Where a common unit begins, see <see cref="ActionUnitWeights.Thresholds"/>; the beginning weighs as much as 400 completions.</param>
    /// <param name="beta">β of the F_β to be reached: below 1 a wrong unit is worse than a missing one.</param>
    public UnitThresholds(IReadOnlyList<FaceSample> samples, double common, double beta = 1)
    {
        labelledWeight = beta * beta;
        FaceSample[] labelled = [.. samples.Where(sample => sample.ActionUnits is not null)];
        var beginning = ActionUnitWeights.Thresholds(labelled, common);
        var counts = FerAuFolder.ActionUnits.SelectMany(unit =>
        {
            var shown = PriorCompletions * ActionUnitWeights.Share(labelled, unit);
            return (double[])[(1 + labelledWeight) * beginning[unit] * shown, shown, shown];
        });
        Counts = tensor(counts.ToArray(), [FerAuFolder.ActionUnits.Count, 3], ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>[units, 3]: how often a unit was rightly named, named, and labelled, fading. Belongs to the state of a run.</summary>
    public Tensor Counts { get; }

    /// <summary>In [0.1, 0.6].</summary>
    public IReadOnlyDictionary<int, double> Current
    {
        get
        {
            var counts = Counts.data<double>().ToArray();
            return Rows.ToDictionary(row => row.Key, row => Math.Clamp(counts[3 * row.Value + Hits] / (counts[3 * row.Value + Named] + labelledWeight * counts[3 * row.Value + Labelled]), Lowest, Highest));
        }
    }

    /// <summary>Takes in the completions of one step. Photos without AU labels say nothing.</summary>
    public void Observe(IEnumerable<PromptGroup> groups)
    {
        var seen = new double[FerAuFolder.ActionUnits.Count, 3];
        foreach (var group in groups.Where(group => group.Sample.ActionUnits is not null))
        {
            foreach (var (unit, row) in Rows)
                if (group.Sample.ActionUnits!.Contains(unit)) seen[row, Labelled] += group.Completions.Count;
            foreach (var credit in group.Completions.SelectMany(completion => completion.Credits))
            {
                if (credit.Unit is not { } unit) continue;
                var row = Rows[unit];
                seen[row, Named]++;
                if (credit.IsRight) seen[row, Hits]++;
            }
        }

        using var scope = NewDisposeScope();
        Counts.mul_(Kept).add_(tensor(seen));
    }

    public void Dispose() => Counts.Dispose();
}
