using FacialR1.Analysis;
using FacialR1.Portal.Remote;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;

namespace FacialR1.Portal.Inference;

/// <summary>Answers with the engine in this process, or with the server of a remote model.</summary>
public sealed class ReasoningModelFactory(RemoteModels remotes, TimeProvider clock) : IReasoningModelFactory
{
    /// <summary>The most answers in one batch. How many there are is decided by those who ask: pages ask for few, an evaluation for as many as it is told.</summary>
    private const int LargestBatch = 256;

    public IReasoningModel Create(CheckpointEntry checkpoint) => checkpoint.Folder is { } folder
        ? new LocalReasoningModel(new LocalModelOptions(folder) { Clock = clock, BatchSize = LargestBatch, QueueLength = LargestBatch }) : remotes.Create(checkpoint);

    public async Task<ModelIdentity> IdentifyAsync(CheckpointEntry checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Remote is { } remote) return new ModelIdentity(null, remote.Prompt);
        try
        {
            return new ModelIdentity(await Task.Run(() => CheckpointChecksum.Compute(checkpoint.Folder!, cancellationToken), cancellationToken), LoadedCheckpoint.PromptOf(checkpoint.Folder!).Id);
        }
        catch (Exception error) when (error is CheckpointException or IOException or KeyNotFoundException or ArgumentException)
        {
            throw new ModelUnavailableException($"The checkpoint \"{checkpoint.Name}\" cannot be used. {error.Message}", error);
        }
    }
}
