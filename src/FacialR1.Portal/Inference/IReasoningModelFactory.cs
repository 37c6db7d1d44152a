using FacialR1.Analysis;

namespace FacialR1.Portal.Inference;

/// <summary>Makes the model of a checkpoint. Creating is quick: weights are read with the first question.</summary>
public interface IReasoningModelFactory
{
    /// <exception cref="ModelUnavailableException">The folder does not hold a usable checkpoint, or the server is not configured any more.</exception>
    IReasoningModel Create(CheckpointEntry checkpoint);
}
