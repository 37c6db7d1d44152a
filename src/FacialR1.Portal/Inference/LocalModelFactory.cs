using FacialR1.Analysis;

namespace FacialR1.Portal.Inference;

/// <summary>Answers with the engine in this process.</summary>
public sealed class LocalModelFactory : IReasoningModelFactory
{
    public IReasoningModel Create(CheckpointEntry checkpoint) =>
        throw new ModelUnavailableException($"This build cannot run the checkpoint \"{checkpoint.Name}\". Use a newer version of the portal.");
}
