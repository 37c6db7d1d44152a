using System.Diagnostics;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using FacialR1.Training.Optimization;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Grpo;

/// <summary>Stage 2 (paper section 3.2): sample G reports per photo, reward format, emotion and AUs, and make the better ones of each group likelier. Uses labels, no report text.</summary>
public sealed class GrpoPhase : ITrainingPhase
{
    private readonly Qwen25VlModel model, reference;
    private readonly int[] prompt;
    private readonly ImageProcessorOptions processor;
    private readonly IReadOnlyList<FaceSample> training, validation;
    private readonly GrpoOptions options;
    private readonly FaceAugmentation augmentation;
    private readonly (string Name, Tensor Parameter)[] trained;
    private readonly AdamW optimizer;
    private readonly RolloutWriter writer;
    private readonly UnitThresholds? learntThresholds;
    private readonly RolloutLog log;
    private readonly FaceEvaluator evaluator;
    private readonly Tensor updates = zeros(1).DetachFromDisposeScope();   // taken so far; not a multiple of the steps, since flat batches teach nothing
    private readonly int seed;

    /// <param name="model">The policy, trained in its own type; stays the caller's.</param>
    /// <param name="reference">The same model before the stage, frozen; stays the caller's.</param>
    /// <param name="question">What the model is asked beside each picture.</param>
    /// <param name="training">Only labels are read; a sample without one of them does without that reward.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public GrpoPhase(Qwen25VlModel model, Qwen25VlModel reference, Tokenizer tokenizer, string question, GenerationTokens generation, ImageProcessorOptions processor,
        IReadOnlyList<FaceSample> training, IReadOnlyList<FaceSample> validation, GrpoOptions options, FaceAugmentation augmentation, RolloutLog log, int seed, string name = "grpo")
    {
        options.Check();
        (this.model, this.reference, this.processor, this.training, this.validation) = (model, reference, processor, training, validation);
        (this.options, this.augmentation, this.log, this.seed, Name) = (options, augmentation, log, seed, name);
        var tokensPerSide = MiniArchitecture.Side / processor.Factor;
        prompt = [.. new ChatTemplate(tokenizer).Prompt(question, tokensPerSide * tokensPerSide).Ids];
        Func<IReadOnlyDictionary<int, double>>? thresholds = null;
        if (options is { UnitCredit: > 0, LearnsUnitThresholds: true })
        {
            var learnt = learntThresholds = new UnitThresholds(training, options.UnitThreshold, options.UnitBeta);
            thresholds = () => learnt.Current;
        }
        else if (options.UnitCredit > 0)
        {
            var given = ActionUnitWeights.Thresholds(training, options.UnitThreshold);
            thresholds = () => given;
        }

        writer = new RolloutWriter(model, tokenizer, generation, prompt, options, thresholds);
        evaluator = FaceEvaluator.Of(model, tokenizer, generation, processor, question);
        foreach (var parameter in reference.parameters()) parameter.requires_grad = false;
        reference.eval();
        trained = [.. model.named_parameters().Where(row => options.TowerRate > 0 || !IsTower(row.name)).Select(row => (row.name, (Tensor)row.parameter))];
        optimizer = new AdamW(trained, decay: 0, beta2: 0.99, rateFactor: parameter => IsTower(parameter) ? options.TowerRate : 1);
    }

    public string Name { get; }

    public long StepsPerEpoch => options.ValidateEvery;

    public long Steps => options.Steps;

    public int BatchSize => options.Prompts * options.Completions;

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        var begun = Stopwatch.GetTimestamp();
        var (groups, patches, grids) = Roll(step);
        log.Append(step + 1, groups);
        var measures = RolloutMeasures.Of(groups);
        measures["prompts"] = groups.Count;
        if (learntThresholds is not null)
        {
            foreach (var (unit, threshold) in learntThresholds.Current) measures[$"au/threshold/AU{unit}"] = threshold;
            learntThresholds.Observe(groups);
        }

        measures["learning_rate"] = LearningRate.WarmupCosine(step, Steps, Math.Max(1, Steps / 20), options.Peak, options.Peak / 10);
        measures["sampling_time"] = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        var learnt = options.FlatGroups == FlatGroups.Keep ? groups : [.. groups.Where(Teaches).Take(options.Prompts)];
        foreach (var (name, value) in learnt.Count == 0 ? Nothing() : Learn(learnt, patches, grids, measures["learning_rate"])) measures[name] = value;
        measures["step_time"] = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return measures;
    }

    public IReadOnlyDictionary<string, double> Validate(CancellationToken cancellationToken)
    {
        using var noGradient = no_grad();
        model.eval();
        return WrittenMeasures.Of(evaluator, validation.Take(options.ValidationSamples), cancellationToken);
    }

    public IEnumerable<(string Name, Tensor Value)> State() =>
        [.. trained, .. optimizer.State(), ("updates", updates), .. learntThresholds is null ? [] : ((string, Tensor)[])[("unit_counts", learntThresholds.Counts)]];

    public void Resumed(long step)
    {
        optimizer.Resume((long)updates.item<float>());
        log.CutAfter(step);
    }

    public void Completed() { }

    public void Dispose()
    {
        optimizer.Dispose();
        updates.Dispose();
        learntThresholds?.Dispose();
    }

    /// <summary>Where units are credited one by one, completions that earned the same as a whole still have something to learn.</summary>
    private bool Teaches(PromptGroup group) => !group.IsFlat || group.Completions.Any(completion => completion.Credits.Count > 0);

    /// <summary>Samples groups until enough of them differ inside, or patience ends.</summary>
    private (IReadOnlyList<PromptGroup> Groups, Tensor Patches, PatchGrid[] Grids) Roll(long step)
    {
        model.eval();
        List<PromptGroup> groups = [];
        List<Tensor> pictures = [];
        var draws = options.FlatGroups == FlatGroups.Resample ? 2 : 1;
        for (var draw = 0; draw < draws && groups.Count(Teaches) < options.Prompts; draw++)
        {
            var batch = FaceBatch.Make(training, options.Prompts, augmentation, FaceBatch.Mix(seed, draw), (int)step);
            var views = FaceTargets.Pictures(batch, model.Device);
            var (patches, grids) = FacePatches.Of(views, processor);
            var written = writer.Write(batch.Samples, patches, grids, FaceBatch.Mix(FaceBatch.Mix(seed, (int)step), draw), CancellationToken.None);
            groups.AddRange(written.Select(group => group with { View = group.View + draw * options.Prompts }));
            pictures.Add(views);
        }

        var (all, allGrids) = FacePatches.Of(cat(pictures), processor);
        return (groups, all, allGrids);
    }

    /// <summary>One optimiser step per update. The batch is read part by part, because it is too large for the caches and as long everywhere as its longest completion; gradients add up to those of the whole.</summary>
    private Dictionary<string, double> Learn(IReadOnlyList<PromptGroup> groups, Tensor patches, PatchGrid[] grids, double rate)
    {
        Part[] parts = [.. groups.OrderBy(group => group.Completions.Max(completion => completion.Ids.Count)).Chunk(options.PromptsAtOnce).Select(part => new Part(part, prompt, model, grids[0], options.UnitCredit))];
        var (rows, tokens) = (parts.Sum(part => part.Completions.Length), parts.Sum(part => part.Tokens));
        foreach (var part in parts)
        {
            // A frozen tower is the same in the policy and in its reference: the photos are seen once.
            if (options.TowerRate == 0) part.Seen = See(model, patches, grids, part.Views);
            if (options.Objective.KlWeight == 0) continue;
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            part.Reach = part.Batch.LogProbabilities(part.Batch.Logits(reference, part.Seen ?? See(reference, patches, grids, part.Views)), options.Temperature).MoveToOuterDisposeScope();
        }

        model.train();
        var values = new Dictionary<string, double>();
        for (var update = 0; update < options.Updates; update++)
        {
            Dictionary<string, double> sums = [];
            optimizer.ZeroGradients();
            foreach (var part in parts)
            {
                using var scope = NewDisposeScope();
                var logits = part.Batch.Logits(model, part.Seen ?? See(model, patches, grids, part.Views));
                var current = part.Batch.LogProbabilities(logits, options.Temperature);
                if (part.Old is null)
                {
                    part.Old = current.detach().clone().MoveToOuterDisposeScope();
                    Add("sampler_trainer_gap", Gap(part.Completions, current), part.Tokens);
                    Add("entropy", CompletionBatch.Entropy(logits), part.Tokens);
                }

                var loss = options.Objective.Of(current, part.Old, part.Reach, part.Advantages, part.Batch.Mask);
                var share = options.Objective.Normalisation == LossNormalisation.TokenMean ? (double)part.Tokens / tokens : (double)part.Completions.Length / rows;
                (loss.Total * share).backward();
                sums["loss"] = sums.GetValueOrDefault("loss") + loss.Total.item<float>() * share;
                Add("clip_ratio", loss.ClipRatio, part.Tokens);
                if (loss.Kl is { } kl) Add("kl", kl, part.Tokens);
            }

            values["grad_norm"] = optimizer.Step(rate, maxNorm: 1);
            updates.fill_(optimizer.Steps);
            foreach (var (name, value) in sums) values[name] = value;
            void Add(string name, double mean, int weight) => sums[name] = sums.GetValueOrDefault(name) + mean * weight / tokens;
        }

        return values;
    }

    /// <summary>Visual tokens of the photos that are learnt from: [P·tokens, W].</summary>
    private Tensor See(Qwen25VlModel eyes, Tensor patches, PatchGrid[] grids, Tensor views)
    {
        using var frozen = options.TowerRate > 0 ? null : no_grad();
        using var scope = NewDisposeScope();
        var own = patches.view(grids.Length, -1, patches.shape[1]).index_select(0, views).flatten(0, 1);
        return eyes.Vision.Encode(own, grids[..(int)views.shape[0]]).MoveToOuterDisposeScope();
    }

    /// <summary>Mean distance between what the sampler and the trainer think of the written tokens; only rounding should part them.</summary>
    private double Gap(Completion[] completions, Tensor current)
    {
        if (options.Temperature != 1) return double.NaN;
        var (values, longest) = (current.detach().cpu().data<float>().ToArray(), (int)current.shape[1]);
        return completions.SelectMany((completion, row) => completion.LogProbabilities.Select((value, index) => Math.Abs(value - values[row * longest + index]))).Average();
    }

    private static Dictionary<string, double> Nothing() => new() { ["loss"] = 0, ["grad_norm"] = 0 };

    /// <summary>Some photos of a step with all their completions; its tensors live as long as the step.</summary>
    private sealed class Part(PromptGroup[] groups, int[] prompt, Qwen25VlModel model, PatchGrid grid, double unitCredit)
    {
        public Completion[] Completions { get; } = [.. groups.SelectMany(group => group.Completions)];

        public CompletionBatch Batch { get; } = CompletionBatch.Of(prompt, [.. groups.SelectMany(group => group.Completions).Select(completion => completion.Ids)],
            [.. groups.SelectMany((group, photo) => Enumerable.Repeat(photo, group.Completions.Count))], model.Options, grid, model.Device);

        /// <summary>[B, T].</summary>
        public Tensor Advantages { get; } = tensor(UnitCredit.ByToken([.. groups.SelectMany(group => group.Completions)], unitCredit), device: model.Device);

        /// <summary>Which pictures of the step are its photos.</summary>
        public Tensor Views { get; } = tensor(groups.Select(group => (long)group.View).ToArray(), device: model.Device);

        public int Tokens { get; } = groups.SelectMany(group => group.Completions).Sum(completion => completion.Ids.Count);

        public Tensor? Seen { get; set; }

        public Tensor? Reach { get; set; }

        public Tensor? Old { get; set; }
    }

    private static bool IsTower(string parameter) => parameter.StartsWith("visual.", StringComparison.Ordinal);
}
