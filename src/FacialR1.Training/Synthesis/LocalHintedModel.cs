using FacialR1.Analysis;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Synthesis;

/// <summary>Lets a loaded model write hinted answers, many at once, through the image processor, chat template and decoder of the portal.</summary>
/// <param name="model">In evaluation mode.</param>
/// <param name="question">Beside each picture, before the hint.</param>
/// <param name="promptId">Id of the question.</param>
/// <param name="checkpoint">Checksum of the weights.</param>
public sealed class LocalHintedModel(
    Qwen25VlModel model, Tokenizer tokenizer, GenerationTokens tokens, ImageProcessorOptions processor, string question, string promptId, string checkpoint) : IHintedModel
{
    private readonly PatchExtractor extractor = new(processor);
    private readonly Dictionary<int, HintedPrompts> prompts = [];

    /// <summary>Answers written at once.</summary>
    public int BatchSize { get; init; } = 96;

    public string Checkpoint => checkpoint;

    public string Prompt => promptId;

    /// <summary>For a checkpoint from disk.</summary>
    /// <param name="folder">It was loaded from.</param>
    /// <param name="checksum">See <see cref="VisionLanguage.Checkpoints.CheckpointChecksum"/>.</param>
    public static LocalHintedModel Of(LoadedCheckpoint loaded, string folder, string checksum) =>
        new(loaded.Model, loaded.Tokenizer, loaded.Tokens, ImageProcessorOptions.FromFolder(folder), loaded.Prompt.Text, loaded.Prompt.Id, checksum);

    public IReadOnlyList<IReadOnlyList<WrittenAnswer>> Write(IReadOnlyList<HintedQuestion> questions, CancellationToken cancellationToken)
    {
        var written = AnswerBatch.WriteAll(model, tokens, null, [.. questions.Select(RequestOf)], BatchSize, cancellationToken);
        return [.. written.Select(answers => (IReadOnlyList<WrittenAnswer>)[.. answers.Select(answer =>
            new WrittenAnswer(tokenizer.Decode(answer.Ids, skipSpecial: true), answer.Ids.Count, answer.StopReason == StopReason.MaxTokens))])];
    }

    private GenerationRequest RequestOf(HintedQuestion asked)
    {
        var patches = extractor.Extract(Picture(asked.Sample));
        var visualTokens = patches.Grid.Tokens(processor.MergeSize);
        if (!prompts.TryGetValue(visualTokens, out var known)) prompts[visualTokens] = known = new HintedPrompts(tokenizer, question, visualTokens);
        var ids = known.With(asked.Hint);
        var room = model.Options.Text.MaxPositions - ids.Length;
        if (room < 1)
            throw new ModelUnavailableException($"Picture, question and hint take {ids.Length} tokens; this checkpoint reads at most {model.Options.Text.MaxPositions}.");
        return new GenerationRequest(ids, [patches], [.. asked.Decodings.Select(decoding => decoding with { MaxTokens = Math.Min(decoding.MaxTokens, room) })]);
    }

    private static RgbImage Picture(FaceSample sample)
    {
        var pixels = new byte[sample.Pixels.Length * 3];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = sample.Pixels[index / 3];
        return new RgbImage(sample.Side, sample.Side, pixels);
    }
}
