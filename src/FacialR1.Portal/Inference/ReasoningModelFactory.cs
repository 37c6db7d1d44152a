using FacialR1.Analysis;
using FacialR1.Portal.Remote;
using FacialR1.VisionLanguage.Generation;

namespace FacialR1.Portal.Inference;

/// <summary>Answers with the engine in this process, or with the server of a remote model.</summary>
public sealed class ReasoningModelFactory(RemoteModels remotes, TimeProvider clock) : IReasoningModelFactory
{
    public IReasoningModel Create(CheckpointEntry checkpoint) =>
        checkpoint.Folder is { } folder ? new LocalReasoningModel(new LocalModelOptions(folder) { Clock = clock }) : remotes.Create(checkpoint);
}
