using FacialR1.Analysis;
using FacialR1.VisionLanguage.Generation;

namespace FacialR1.Portal.Inference;

/// <summary>Answers with the engine in this process.</summary>
public sealed class LocalModelFactory(TimeProvider clock) : IReasoningModelFactory
{
    public IReasoningModel Create(CheckpointEntry checkpoint) => new LocalReasoningModel(new LocalModelOptions(checkpoint.Folder) { Clock = clock });
}
