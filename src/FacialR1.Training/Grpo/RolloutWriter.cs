using FacialR1.Analysis;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Rewards;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>Samples G completions for each photo, prompts × G in one batch on the cached generator, and scores them.</summary>
/// <param name="prompt">Ids of the question with its image placeholders, the same for every photo.</param>
/// <param name="unitThresholds">For <see cref="UnitCredit"/>, asked once for each batch; null where units are not credited one by one.</param>
public sealed class RolloutWriter(
    Qwen25VlModel model, Tokenizer tokenizer, GenerationTokens tokens, int[] prompt, GrpoOptions options, Func<IReadOnlyDictionary<int, double>>? unitThresholds = null)
{
    /// <param name="samples">One per picture, with the labels that it has.</param>
    /// <param name="patches">[samples·patches, patch length].</param>
    /// <param name="grids">One per picture.</param>
    /// <param name="seed">Same seed and weights, same completions.</param>
    public IReadOnlyList<PromptGroup> Write(IReadOnlyList<FaceSample> samples, Tensor patches, IReadOnlyList<PatchGrid> grids, int seed, CancellationToken cancellationToken)
    {
        var (values, length) = (patches.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), (int)patches.shape[1]);
        List<GenerationRequest> requests = [];
        var taken = 0;
        for (var view = 0; view < samples.Count; view++)
        {
            var size = grids[view].Patches * length;
            var picture = new ImagePatches(values[taken..(taken + size)], grids[view], length);
            taken += size;
            requests.Add(new GenerationRequest(prompt, [picture], [.. Enumerable.Range(0, options.Completions).Select(index => new DecodingOptions(
                options.Temperature, TopP: options.TopP, MaxTokens: options.MaxTokens, Seed: FaceBatch.Mix(seed, view * options.Completions + index)))]));
        }

        // A placeholder in an answer would stand for a picture that is not there when the trainer reads it back.
        var markers = model.Options.Tokens;
        var speakable = tokens with { NeverChosen = [.. tokens.NeverChosen, markers.Image, markers.Video, markers.VisionStart, markers.VisionEnd] };
        var answers = AnswerBatch.WriteAll(model, speakable, null, requests, samples.Count * options.Completions, cancellationToken);
        var thresholds = unitThresholds?.Invoke();
        return [.. answers.Select((group, view) => Scored(samples[view], view, group, thresholds))];
    }

    private PromptGroup Scored(FaceSample sample, int view, IReadOnlyList<GeneratedAnswer> answers, IReadOnlyDictionary<int, double>? thresholds)
    {
        var labels = new ResponseLabels(sample.Emotion, sample.ActionUnits);
        var scored = answers.Select(answer =>
        {
            var trace = ReasoningParser.Parse(tokenizer.Decode(answer.Ids, skipSpecial: true));
            return (Answer: answer, Trace: trace, Reward: ResponseReward.Of(trace, labels, answer.Ids.Count, options.Rewards, FerAuFolder.ActionUnits));
        }).ToArray();
        var advantages = GroupAdvantage.Of([.. scored.Select(item => item.Reward.Total)], options.ScalesAdvantages);
        var credits = thresholds is null || sample.ActionUnits is not { } units ? null
            : Credits([.. scored.Select(item => UnitCredit.Read(item.Trace, item.Answer.Ids, tokenizer, units, FerAuFolder.ActionUnits))], units, thresholds);
        return new PromptGroup(sample, view, [.. scored.Select((item, index) => new Completion(
            item.Answer.Ids, item.Answer.LogProbabilities, item.Trace, item.Answer.StopReason == StopReason.MaxTokens, item.Reward, advantages[index])
        {
            Credits = credits?[index] ?? [],
        })]);
    }

    private IReadOnlyList<IReadOnlyList<TokenCredit>> Credits(NamedUnits[] group, IReadOnlyList<int> labels, IReadOnlyDictionary<int, double> thresholds) =>
        options.CreditsAgainstSiblings ? UnitCredit.AmongSiblings(group, labels, thresholds) : [.. group.Select(named => UnitCredit.Of(named, thresholds))];
}
