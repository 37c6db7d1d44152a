using FacialR1.Analysis;

namespace FacialR1.Portal.Inference;

/// <summary>Makes the model of a checkpoint. Creating is quick: weights are read with the first question.</summary>
public interface IReasoningModelFactory
{
    /// <exception cref="ModelUnavailableException">The folder does not hold a usable checkpoint, or the server is not configured any more.</exception>
    IReasoningModel Create(CheckpointEntry checkpoint);

    /// <summary>What a result must say about the model behind it.</summary>
    /// <exception cref="ModelUnavailableException">The folder does not hold a usable checkpoint.</exception>
    Task<ModelIdentity> IdentifyAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken);
}

/// <summary>Which model it is, beyond its name.</summary>
/// <param name="Sha256">Of the weights; null where they are not here.</param>
/// <param name="Prompt">Id of the question it is asked.</param>
public sealed record ModelIdentity(string? Sha256, string Prompt);
