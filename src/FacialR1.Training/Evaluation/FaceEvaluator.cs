using FacialR1.Analysis;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Evaluation;

/// <summary>Lets a model answer for labelled faces, through the same image processor, chat template and decoder as the portal, and measures the answers.</summary>
/// <param name="model">In evaluation mode.</param>
/// <param name="ask">Turns a picture and how to decode into a prompt.</param>
public sealed class FaceEvaluator(Qwen25VlModel model, Tokenizer tokenizer, GenerationTokens tokens, Func<RgbImage, DecodingOptions, GenerationRequest> ask)
{
    /// <summary>Pictures prepared and answered before the next are read.</summary>
    public int ChunkSize { get; init; } = 256;

    /// <summary>Answers rendered at once.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>How tokens are chosen; greedy unless set.</summary>
    public DecodingOptions Decoding { get; init; } = DecodingOptions.Greedy with { MaxTokens = 192 };

    /// <summary>For a model that is being trained.</summary>
    /// <param name="question">Beside each picture.</param>
    public static FaceEvaluator Of(Qwen25VlModel model, Tokenizer tokenizer, GenerationTokens tokens, ImageProcessorOptions processor, string question)
    {
        var (extractor, template) = (new PatchExtractor(processor), new ChatTemplate(tokenizer));
        return new FaceEvaluator(model, tokenizer, tokens, (picture, decoding) =>
        {
            var patches = extractor.Extract(picture);
            return new GenerationRequest(template.Prompt(question, patches.Grid.Tokens(processor.MergeSize)).Ids, [patches], [decoding]);
        });
    }

    /// <summary>Answers sample by sample, in order, as chunks finish.</summary>
    public IEnumerable<FaceAnswer> Answer(IEnumerable<FaceSample> samples, CancellationToken cancellationToken)
    {
        FaceSample[] all = [.. samples];
        return all.Zip(Write(all.Select(sample => sample.ToPicture()), cancellationToken), (sample, answer) => new FaceAnswer(sample, answer.Text, answer.Tokens, answer.EmotionProbabilities));
    }

    /// <summary>Answers picture by picture, in order, as chunks finish; pictures are read chunk by chunk.</summary>
    public IEnumerable<WrittenAnswer> Write(IEnumerable<RgbImage> pictures, CancellationToken cancellationToken)
    {
        foreach (var chunk in pictures.Chunk(ChunkSize))
        {
            var requests = chunk.Select(picture => ask(picture, Decoding)).ToArray();
            foreach (var answers in AnswerBatch.WriteAll(model, tokens, tokenizer, requests, BatchSize, cancellationToken))
            {
                var answer = answers[0];
                yield return new WrittenAnswer(
                    tokenizer.Decode(answer.Ids, skipSpecial: true), answer.Ids.Count, answer.StopReason == StopReason.MaxTokens, answer.EmotionProbabilities);
            }
        }
    }

    /// <summary>All measures of the answers, with the labels that the samples have.</summary>
    public static EvaluationReport Measure(IEnumerable<FaceAnswer> answers, ulong seed = 0, int resamples = 10_000) => EvaluationReport.Of(
        [.. answers.Select(answer => EvaluationRow.Of(ReasoningParser.Parse(answer.Text), new ResponseLabels(answer.Sample.Emotion, answer.Sample.ActionUnits)))],
        FerAuFolder.ActionUnits, seed, resamples);
}
