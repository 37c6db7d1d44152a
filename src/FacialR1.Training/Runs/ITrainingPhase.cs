using static TorchSharp.torch;

namespace FacialR1.Training.Runs;

/// <summary>One stretch of a run: its own model, objective and schedule. The loop owns steps, events and checkpoints.</summary>
public interface ITrainingPhase : IDisposable
{
    /// <summary>Lower case, unique within the run; events and state files carry it.</summary>
    string Name { get; }

    /// <summary>Steps in all.</summary>
    long Steps { get; }

    /// <summary>Validate and save every so many steps.</summary>
    long StepsPerEpoch { get; }

    /// <summary>Samples per step.</summary>
    int BatchSize { get; }

    /// <summary>Takes one step. Deterministic in <paramref name="step"/> and the state: a resumed phase goes on to the same losses.</summary>
    /// <returns>Named numbers of this step; <c>loss</c> among them.</returns>
    IReadOnlyDictionary<string, double> Step(long step);

    /// <summary>Measures on the validation split.</summary>
    IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken);

    /// <summary>Everything that a later step depends on, as tensors to be written and filled again.</summary>
    IEnumerable<(string Name, Tensor Value)> State();

    /// <summary>Called after the tensors of <see cref="State"/> were filled: <paramref name="step"/> steps are done.</summary>
    void Resumed(long step);

    /// <summary>Called once when the last step is done, before the next phase starts.</summary>
    void Completed();
}
