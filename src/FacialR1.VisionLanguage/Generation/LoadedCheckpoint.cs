using System.Text.Json;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Everything of a checkpoint that answering needs: weights, tokenizer, image settings, the question it was trained on.</summary>
/// <remarks>Other parts of the program (evaluation, training) use it to ask exactly as the pages do. The weights belong to this object.</remarks>
public sealed class LoadedCheckpoint : IDisposable
{
    private readonly PatchExtractor patches;
    private readonly ChatTemplate template;

    private LoadedCheckpoint(Qwen25VlModel model, Tokenizer tokenizer, PatchExtractor patches, GenerationTokens tokens, FacialR1Prompt prompt)
    {
        (Model, Tokenizer, this.patches, Tokens, Prompt) = (model, tokenizer, patches, tokens, prompt);
        template = new ChatTemplate(tokenizer);
    }

    /// <summary>In evaluation mode, without gradients.</summary>
    public Qwen25VlModel Model { get; }

    public Tokenizer Tokenizer { get; }

    public GenerationTokens Tokens { get; }

    /// <summary>The question: <c>prompt_id</c> of generation_config.json names it; without one it is the full prompt.</summary>
    public FacialR1Prompt Prompt { get; }

    /// <summary>Reads a folder.</summary>
    /// <param name="progress">Share of the weights that are read, 0 to 1.</param>
    /// <param name="cancellationToken">Checked between tensors.</param>
    /// <exception cref="ModelUnavailableException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static LoadedCheckpoint Load(LocalModelOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var tokenizer = Tokenizer.Load(options.Folder);
            var patches = new PatchExtractor(ImageProcessorOptions.FromFolder(options.Folder));
            var prompt = PromptOf(options.Folder);
            using var folder = CheckpointFolder.Open(options.Folder);
            CheckFit(folder, tokenizer, patches.Options);
            var tokens = GenerationTokens.Of(options.Folder, folder.Options, tokenizer);

            var device = options.Device ?? ComputeDevice.Usual;
            var type = options.Type ?? (device.type == DeviceType.CPU ? ScalarType.Float32 : folder.StoredType);
            var model = folder.LoadModel(type, device, progress is null ? null : new Fractions(progress), cancellationToken);
            foreach (var parameter in model.parameters()) parameter.requires_grad = false;
            return new LoadedCheckpoint(model, tokenizer, patches, tokens, prompt);
        }
        catch (Exception error) when (error is CheckpointException or IOException or UnauthorizedAccessException or InvalidDataException or KeyNotFoundException or ArgumentException)
        {
            throw new ModelUnavailableException($"The checkpoint {Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Folder))} cannot be used. {error.Message}", error);
        }
    }

    /// <summary>Turns one picture of a face into what the model reads.</summary>
    public ImagePatches See(RgbImage face) => patches.Extract(face);

    /// <summary>The question about a face, ready to be answered; the longest answer is cut to what the model can still read.</summary>
    /// <exception cref="ModelUnavailableException">Picture and question leave no room for an answer.</exception>
    public GenerationRequest Ask(ImagePatches face, params IReadOnlyList<DecodingOptions> answers) => Ask(face, "", answers);

    /// <summary>The same with an answer that is already begun.</summary>
    /// <param name="beginning">What writing goes on behind; special tokens written out in it are plain text.</param>
    /// <exception cref="ModelUnavailableException">Picture, question and beginning leave no room for more.</exception>
    public GenerationRequest Ask(ImagePatches face, string beginning, params IReadOnlyList<DecodingOptions> answers) => Ask(Prompt.Text, face, beginning, answers);

    /// <summary>Another question than its own.</summary>
    /// <exception cref="ModelUnavailableException">Picture, question and beginning leave no room for more, or the checkpoint has learnt one question only.</exception>
    public GenerationRequest Ask(string question, ImagePatches face, string beginning, params IReadOnlyList<DecodingOptions> answers)
    {
        if (Prompt.Id == FacialR1Prompt.CompactId && question != Prompt.Text)
            throw new ModelUnavailableException("This checkpoint has learnt to answer one question, which emotion a face shows; what it would write to another means nothing. Ask a larger model.");
        var ids = template.Prompt(question, face.Grid.Tokens(Model.Options.Vision.MergeSize)).Ids;
        int[] begun = beginning.Length == 0 ? [] : Tokenizer.Encode(beginning, allowSpecial: false);
        var room = Model.Options.Text.MaxPositions - ids.Count - begun.Length;
        if (room < 1)
            throw new ModelUnavailableException($"Picture and question take {ids.Count + begun.Length} tokens; this checkpoint reads at most {Model.Options.Text.MaxPositions}. " +
                (begun.Length == 0 ? "Use a smaller picture." : "Use a smaller picture or a shorter text."));
        return new GenerationRequest(ids, [face], [.. answers.Select(decoding => decoding with { MaxTokens = Math.Min(decoding.MaxTokens, room) })]) { Beginning = begun };
    }

    public void Dispose() => Model.Dispose();

    /// <summary>The question that a checkpoint folder asks, without reading its weights.</summary>
    public static FacialR1Prompt PromptOf(string folder) => ReadPrompt(Path.Combine(folder, GenerationTokens.FileName));

    private static FacialR1Prompt ReadPrompt(string file)
    {
        string? id = null;
        if (File.Exists(file))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.TryGetProperty("prompt_id", out var value)) id = value.GetString();
        }
        return FacialR1Prompt.FromId(id ?? FacialR1Prompt.FullId, FacialR1Prompt.DefaultQuestion, Emotions.All);
    }

    /// <summary>Files taken from different checkpoints would load and then answer nonsense.</summary>
    private static void CheckFit(CheckpointFolder folder, Tokenizer tokenizer, ImageProcessorOptions images)
    {
        List<string> faults = [];
        if (tokenizer.TryIdOf(QwenTokens.ImagePad) != folder.Options.Tokens.Image)
            faults.Add($"{QwenTokens.ImagePad} has the id {tokenizer.TryIdOf(QwenTokens.ImagePad)?.ToString() ?? "none"} in tokenizer.json, but image_token_id is {folder.Options.Tokens.Image} in config.json");
        if (tokenizer.VocabularySize > folder.Options.Text.VocabularySize)
            faults.Add($"tokenizer.json has {tokenizer.VocabularySize} ids, the weights only {folder.Options.Text.VocabularySize}");
        var vision = folder.Options.Vision;
        if ((images.PatchSize, images.MergeSize, images.TemporalPatchSize) != (vision.PatchSize, vision.MergeSize, vision.TemporalPatchSize))
            faults.Add($"patch_size, merge_size and temporal_patch_size are {images.PatchSize}, {images.MergeSize}, {images.TemporalPatchSize} in {ImageProcessorOptions.FileName}, " +
                $"but {vision.PatchSize}, {vision.MergeSize}, {vision.TemporalPatchSize} in config.json");
        if (faults.Count > 0) throw new InvalidDataException($"Its files do not belong together: {string.Join("; ", faults)}.");
    }

    /// <summary>Reports on the loading thread: <see cref="Progress{T}"/> would post to another one and arrive late.</summary>
    private sealed class Fractions(IProgress<double> progress) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => progress.Report(value.Fraction);
    }
}
