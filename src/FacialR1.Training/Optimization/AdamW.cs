using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Optimization;

/// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019) whose state is plain named tensors, so that a run can be saved and resumed exactly.</summary>
/// <remarks>Parameters may be bf16: the optimiser then keeps fp32 master weights, steps those and copies them back.</remarks>
public sealed class AdamW : IDisposable
{
    private sealed record Slot(string Name, Tensor Parameter, Tensor Master, Tensor Mean, Tensor Square, double DecayFactor, double RateFactor);

    private readonly List<Slot> slots = [];
    private readonly double beta1, beta2, epsilon, decay;

    /// <param name="parameters">Trainable tensors by name. One-dimensional ones (norms, biases) are not decayed.</param>
    /// <param name="rateFactor">Multiplies the learning rate of a parameter, by name; 1 for all when null.</param>
    public AdamW(
        IEnumerable<(string Name, Tensor Parameter)> parameters, double decay = 0.05, double beta1 = 0.9, double beta2 = 0.98, double epsilon = 1e-8,
        Func<string, double>? rateFactor = null)
    {
        (this.beta1, this.beta2, this.epsilon, this.decay) = (beta1, beta2, epsilon, decay);
        using var noGradient = no_grad();
        foreach (var (name, parameter) in parameters)
        {
            var master = parameter.dtype == ScalarType.Float32 ? parameter : parameter.detach().to(ScalarType.Float32).DetachFromDisposeScope();
            slots.Add(new Slot(name, parameter, master, zeros_like(master).DetachFromDisposeScope(), zeros_like(master).DetachFromDisposeScope(),
                parameter.dim() > 1 ? 1 : 0, rateFactor?.Invoke(name) ?? 1));
        }
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in slots) slot.Parameter.grad?.zero_();
    }

    /// <summary>One update from the gradients, clipped to a total 2-norm of <paramref name="maxNorm"/>.</summary>
    /// <returns>The 2-norm before clipping; NaN or infinite when the step was skipped because of it.</returns>
    public double Step(double learningRate, double maxNorm = 1)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradients = slots.Select(slot => slot.Parameter.grad?.to(ScalarType.Float32)).ToArray();
        var squares = gradients.Where(gradient => gradient is not null).Select(gradient => gradient!.norm().square()).ToArray();
        var norm = squares.Length == 0 ? 0 : Math.Sqrt(stack(squares).sum().item<float>());
        if (!double.IsFinite(norm)) return norm;

        Steps++;
        var clip = norm > maxNorm ? maxNorm / (norm + 1e-6) : 1;
        var (correction1, correction2) = (1 - Math.Pow(beta1, Steps), 1 - Math.Pow(beta2, Steps));
        for (var index = 0; index < slots.Count; index++)
        {
            if (gradients[index] is not { } gradient) continue;
            using var inner = NewDisposeScope();
            var (_, parameter, master, mean, square, decayFactor, rateFactor) = slots[index];
            var rate = learningRate * rateFactor;
            if (clip != 1) gradient = gradient * clip;
            mean.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            if (decayFactor > 0) master.mul_(1 - rate * decay);
            master.addcdiv_(mean, (square / correction2).sqrt_().add_(epsilon), -rate / correction1);
            if (!ReferenceEquals(master, parameter)) parameter.copy_(master);
        }

        return norm;
    }

    /// <summary>The state by name: <c>mean.*</c>, <c>square.*</c> and, where weights are 16-bit, <c>master.*</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => slots.SelectMany(slot =>
    {
        (string, Tensor)[] own = [($"mean.{slot.Name}", slot.Mean), ($"square.{slot.Name}", slot.Square)];
        return ReferenceEquals(slot.Master, slot.Parameter) ? own : [.. own, ($"master.{slot.Name}", slot.Master)];
    });

    /// <summary>Continues after <paramref name="steps"/> steps; the tensors of <see cref="State"/> must have been filled before.</summary>
    public void Resume(long steps)
    {
        Steps = steps;
        using var noGradient = no_grad();
        foreach (var slot in slots.Where(slot => !ReferenceEquals(slot.Master, slot.Parameter))) slot.Parameter.copy_(slot.Master);
    }

    public void Dispose()
    {
        foreach (var slot in slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
            if (!ReferenceEquals(slot.Master, slot.Parameter)) slot.Master.Dispose();
        }
    }
}
