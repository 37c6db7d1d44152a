using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Stages;

/// <summary>A checkpoint opened to be trained further: weights in the device's fastest type, with gradients, and everything its successor is saved with.</summary>
public sealed class TrainableCheckpoint : IDisposable
{
    private readonly LoadedCheckpoint loaded;
    private readonly CheckpointFiles files;

    private TrainableCheckpoint(LoadedCheckpoint loaded, CheckpointFiles files, ImageProcessorOptions processor) =>
        (this.loaded, this.files, Processor) = (loaded, files, processor);

    public Qwen25VlModel Model => loaded.Model;

    public Tokenizer Tokenizer => loaded.Tokenizer;

    public GenerationTokens Tokens => loaded.Tokens;

    /// <summary>What the model is asked beside each picture.</summary>
    public string Question => loaded.Prompt.Text;

    public ImageProcessorOptions Processor { get; }

    /// <exception cref="Analysis.ModelUnavailableException">A file is missing, damaged or does not fit; the message names it.</exception>
    public static TrainableCheckpoint Open(string folder)
    {
        var loaded = LoadedCheckpoint.Load(new LocalModelOptions(folder) { Type = MatrixType.FastestOn(ComputeDevice.Usual) }, null, CancellationToken.None);
        foreach (var parameter in loaded.Model.parameters()) parameter.requires_grad = true;
        return new TrainableCheckpoint(loaded, CheckpointFiles.From(folder), ImageProcessorOptions.FromFolder(folder));
    }

    /// <summary>Writes the model as it is now, 16-bit.</summary>
    public void Save(string folder) => CheckpointWriter.Save(folder, Model, files, ScalarType.BFloat16);

    public void Dispose() => loaded.Dispose();
}
