using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.TinyTraining;

/// <summary>Fits eight numbers to noise that depends on the step, with dropout, so that weights, optimiser and random state all matter. A step takes next to no time.</summary>
/// <param name="pause">Waits so long in every step, so that there is a moment to do something to the run.</param>
public sealed class LinePhase(string name, long steps, long stepsPerEpoch, TimeSpan pause) : ITrainingPhase
{
    private readonly Tensor weight = ones(8).requires_grad_(true);
    private AdamW? optimizer;

    public string Name => name;
    public long Steps => steps;
    public long StepsPerEpoch => stepsPerEpoch;
    public int BatchSize => 1;

    private AdamW Optimizer => optimizer ??= new AdamW([("weight", weight)]);

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        Optimizer.ZeroGradients();
        var loss = (nn.functional.dropout(weight, 0.5, training: true) - rand(8)).square().sum();
        loss.backward();
        Optimizer.Step(0.05);
        if (pause > TimeSpan.Zero) Thread.Sleep(pause);
        return new Dictionary<string, double> { ["loss"] = loss.item<float>(), ["learning_rate"] = 0.05 };
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        return new Dictionary<string, double> { ["val_mean"] = weight.detach().mean().item<float>(), ["val_n"] = 8 };
    }

    public IEnumerable<(string Name, Tensor Value)> State() => Optimizer.State().Prepend(("weight", weight));

    public void Resumed(long step) => Optimizer.Resume(step);

    public void Completed() { }

    public void Dispose()
    {
        optimizer?.Dispose();
        weight.Dispose();
    }
}
