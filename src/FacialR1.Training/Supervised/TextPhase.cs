using FacialR1.VisionLanguage.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Supervised;

/// <summary>Teaches the whole model to write reports: next-token loss on the response only, the tower kept in shape by its auxiliary heads.</summary>
public sealed class TextPhase : ITrainingPhase
{
    private const double AverageDecay = 0.995, TowerRate = 0.2, InputNoise = 0.03, HeadsWeight = 0.5, EmotionWeight = 0.2, TeacherShare = 0.6;
    private const int ValidationSamples = 1500;
    private readonly Qwen25VlModel model;
    private readonly VisionHeads heads;
    private readonly FaceCommittee teachers;
    private readonly Tokenizer tokenizer;
    private readonly int[] prompt;
    private readonly long[] emotionIds, emotionIdsAfterSpace;
    private readonly ImageProcessorOptions processor;
    private readonly IReadOnlyList<FaceSample> validation;
    private readonly PhaseOptions options;
    private readonly IReadOnlyDictionary<int, float> unitWeights;
    private readonly DistillationLoss visionObjective = new();
    private readonly (string Name, Tensor Parameter)[] trained;
    private readonly AdamW optimizer;
    private readonly WeightAverage average;
    private readonly BatchSource batches;
    private readonly FaceEvaluator evaluator;
    private readonly int seed;

    /// <param name="question">What the model is asked beside each picture.</param>
    /// <param name="generation">The ids that end and pad an answer, for validation.</param>
    /// <param name="unitWeights">See <see cref="ReportExample.Of"/>.</param>
    public TextPhase(Qwen25VlModel model, VisionHeads heads, FaceCommittee teachers, Tokenizer tokenizer, string question, GenerationTokens generation,
        IReadOnlyDictionary<int, float> unitWeights, ImageProcessorOptions processor, IReadOnlyList<FaceSample> training,
        IReadOnlyList<FaceSample> validation, PhaseOptions options, FaceAugmentation augmentation, int seed)
    {
        (this.model, this.heads, this.teachers, this.tokenizer, this.processor) = (model, heads, teachers, tokenizer, processor);
        (this.unitWeights, this.validation, this.options, this.seed) = (unitWeights, validation, options, seed);
        var tokensPerSide = MiniArchitecture.Side / processor.Factor;
        prompt = [.. new ChatTemplate(tokenizer).Prompt(question, tokensPerSide * tokensPerSide).Ids];
        emotionIds = [.. Emotions.All.Select(emotion => OneToken(emotion.Name()))];
        emotionIdsAfterSpace = [.. Emotions.All.Select(emotion => OneToken(" " + emotion.Name()))];
        evaluator = FaceEvaluator.Of(model, tokenizer, generation, processor, question);
        trained = [.. model.named_parameters().Select(row => (row.name, (Tensor)row.parameter)), .. heads.named_parameters().Select(row => ($"heads.{row.name}", (Tensor)row.parameter))];
        optimizer = new AdamW(trained, options.Decay, rateFactor: name => name.StartsWith("visual.", StringComparison.Ordinal) || name.StartsWith("heads.", StringComparison.Ordinal) ? TowerRate : 1);
        average = new WeightAverage(trained);
        batches = new BatchSource(training, options.BatchSize, augmentation, seed);
        StepsPerEpoch = FaceBatch.StepsPerPass(training, options.BatchSize);
    }

    public string Name => "text";

    public long StepsPerEpoch { get; }

    public long Steps => StepsPerEpoch * options.Epochs;

    public int BatchSize => options.BatchSize;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        model.train();
        heads.train();
        var batch = batches.At(step);
        var examples = batch.Samples.Select((sample, row) =>
            ReportExample.Of(sample, tokenizer, unitWeights, (ulong)FaceBatch.Mix(FaceBatch.Mix(seed, (int)step), row))).ToArray();
        var pictures = FaceTargets.Pictures(batch, model.Device);
        var opinion = teachers.Opinion(pictures);

        var (patches, grids) = FacePatches.Of(pictures, processor);
        var visual = model.Vision.Encode(patches, grids, options.DropPath);
        var text = Loss(examples, batch.Samples, visual, opinion.Emotions.softmax(1), isNoisy: true);
        var loss = text + HeadsWeight * visionObjective.Of(heads.call(visual), opinion, FaceTargets.Of(batch, model.Device));

        optimizer.ZeroGradients();
        loss.backward();
        var rate = LearningRate.WarmupCosine(step, Steps, Math.Max(1, StepsPerEpoch / 4), options.Peak, options.Peak / 50);
        var norm = optimizer.Step(rate, maxNorm: 1);
        average.Update(step, AverageDecay);
        return new Dictionary<string, double>
        {
            ["loss"] = text.item<float>(), ["learning_rate"] = rate, ["grad_norm"] = norm,
            ["tokens"] = examples.Sum(example => example.Ids.Length) + prompt.Length * examples.Length,
        };
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var averaged = average.InPlace();
        using var noGradient = no_grad();
        model.eval();
        heads.eval();
        return WrittenMeasures.Of(evaluator, validation.Take(ValidationSamples), cancellationToken);
    }

    public IEnumerable<(string Name, Tensor Value)> State() => trained.Concat(optimizer.State()).Concat(average.State());

    public void Resumed(long step) => optimizer.Resume(step);

    public void Completed() => average.Apply();

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
        average.Dispose();
    }

    /// <summary>Weighted mean of the next-token loss over all response tokens; at the emotion's noun the label is mixed with the teacher's opinion.</summary>
    private Tensor Loss(ReportExample[] examples, IReadOnlyList<FaceSample> samples, Tensor visual, Tensor opinion, bool isNoisy)
    {
        var (rows, longest) = (examples.Length, examples.Max(example => example.Ids.Length));
        var (length, vocabulary) = (prompt.Length + longest, model.Options.Text.VocabularySize);
        var (ids, targets, weights) = (new long[rows * length], new long[rows * longest], new float[rows * longest]);
        List<long> places = [], placeTokens = [];
        var random = new Random(FaceBatch.Mix(seed, examples.Sum(example => example.Ids.Length)));
        for (var row = 0; row < rows; row++)
        {
            var example = examples[row];
            for (var index = 0; index < prompt.Length; index++) ids[row * length + index] = prompt[index];
            for (var index = 0; index < example.Ids.Length; index++)
            {
                // A model that only ever reads true units trusts its own mistakes too much; random tokens teach it to look at the face again.
                var isNoise = isNoisy && random.NextDouble() < InputNoise;
                ids[row * length + prompt.Length + index] = isNoise ? AnyToken(examples[random.Next(rows)].Ids) : example.Ids[index];
                (targets[row * longest + index], weights[row * longest + index]) = (example.Ids[index], example.Weights[index]);
            }

            int AnyToken(int[] from) => from[random.Next(from.Length)];

            foreach (var (place, isFirst) in example.EmotionPlaces.Select((place, order) => (place, order == 0)))
            {
                weights[row * longest + place] = 0;
                places.Add(row * longest + place);
                placeTokens.AddRange(isFirst ? emotionIdsAfterSpace : emotionIds);
            }
        }

        var hidden = model.Read(tensor(ids, [rows, length], device: model.Device), Positions(rows, length), visual);
        var logits = model.Logits(hidden.narrow(1, prompt.Length - 1, longest)).to(ScalarType.Float32).reshape(-1, vocabulary);
        var weight = tensor(weights, device: model.Device);
        var plain = (functional.cross_entropy(logits, tensor(targets, device: model.Device), reduction: Reduction.None) * weight).sum() / weight.sum();

        var labels = functional.one_hot(tensor(samples.Select(sample => (long)sample.Emotion!.Value).ToArray(), device: model.Device), emotionIds.Length);
        var wanted = (1 - TeacherShare) * labels + TeacherShare * opinion;                                         // [B, 7]
        var chosen = logits.index_select(0, tensor(places.ToArray(), device: model.Device)).log_softmax(1)
            .gather(1, tensor(placeTokens.ToArray(), [places.Count, emotionIds.Length], device: model.Device));                          // [2B, 7]
        var emotion = -(wanted.repeat_interleave(2, 0) * chosen).sum(1).mean();
        return plain + EmotionWeight * emotion;
    }

    private Tensor Positions(int rows, int length)
    {
        int[] whole = [.. prompt, .. Enumerable.Repeat(0, length - prompt.Length)];
        var side = (int)Math.Sqrt(prompt.Count(id => id == model.Options.Tokens.Image)) * processor.MergeSize;
        var positions = MultimodalPositions.Of(whole, [new PatchGrid(1, side, side)], model.Options.Tokens.Image, processor.MergeSize);
        return tensor([.. positions.Time, .. positions.Height, .. positions.Width], [3, 1, length], device: model.Device).expand(3, rows, length);
    }

    private long OneToken(string text) => tokenizer.Encode(text) is [var id] ? id
        : throw new InvalidOperationException($"'{text}' is not one token; train the vocabulary on more reports or make it larger.");
}
