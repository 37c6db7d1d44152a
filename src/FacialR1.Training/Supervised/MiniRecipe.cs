using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Runs;
using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Supervised;

/// <summary>What the supervised recipe of Facial-R1 Mini is made with; written to <c>run.json</c> in full.</summary>
/// <param name="DataFolder">In the fer-au layout, with landmarks.</param>
/// <param name="Limit">Train on at most this many samples; null for all.</param>
public sealed record MiniRecipeOptions(string DataFolder, PhaseOptions Teacher, PhaseOptions Vision, PhaseOptions Text, int Seed = 11, int? Limit = null)
{
    /// <summary>Fits two hours on two cores.</summary>
    public static MiniRecipeOptions For(string dataFolder) => new(dataFolder,
        Teacher: new PhaseOptions(17, 128, 2e-3, 0.05, 0),
        Vision: new PhaseOptions(15, 128, 1.5e-3, 0.05, 0.1),
        Text: new PhaseOptions(3, 64, 1.5e-3, 0.05, 0.05));
}

/// <summary>Supervised training of Facial-R1 Mini from nothing: a convolutional teacher, then the vision tower, then the whole model on composed reports.</summary>
public sealed class MiniRecipe(MiniRecipeOptions options, TimeProvider clock)
{
    /// <summary>Folder below <c>checkpoints</c> of the model after the vision phase.</summary>
    public const string TowerName = "tower";

    private const int VocabularySize = 1024, ReportsForVocabulary = 8000;

    /// <summary>The configuration as it is kept in the run folder.</summary>
    public JsonObject Describe() => new()
    {
        ["kind"] = "sft",
        ["stage"] = "supervised",
        ["recipe"] = "mini/2",
        ["data"] = Path.GetFileName(Path.GetFullPath(options.DataFolder)),
        ["limit"] = options.Limit,
        ["seed"] = options.Seed,
        ["reports"] = ReportComposer.Version,
        ["prompt"] = FacialR1Prompt.CompactId,
        ["phases"] = new JsonObject { ["teacher"] = Describe(options.Teacher), ["vision"] = Describe(options.Vision), ["text"] = Describe(options.Text) },
    };

    /// <summary>Runs or goes on with a run, and writes the finished model to <c>checkpoints/final</c>.</summary>
    /// <returns>The folder of the finished checkpoint, or null when the run was stopped before its end.</returns>
    public string? Run(RunFolder run, IProgress<TrainingUpdate>? progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(run.CheckpointFolder, "final");
        if (run.Status == "completed" && Directory.Exists(folder)) return folder;

        var training = FerAuFolder.Load(options.DataFolder, "train", options.Limit);
        var validation = FerAuFolder.Load(options.DataFolder, "val", options.Limit);
        var tokenizer = LoadOrTrainTokenizer(run, training, options.Seed);
        var files = Files(tokenizer);
        var architecture = Path.Combine(run.CheckpointFolder, "config.json");
        File.WriteAllText(architecture, MiniArchitecture.Config(tokenizer).ToJsonString());
        var modelOptions = Qwen25VlOptions.Load(architecture);

        manual_seed(options.Seed);
        using var teacher = new FaceNetwork();
        using var model = MiniArchitecture.Fresh(modelOptions, options.Seed);
        using var heads = new VisionHeads(MiniArchitecture.VisualTokens(modelOptions.Vision), modelOptions.Text.Width);
        var device = ComputeDevice.Usual;
        teacher.to(device);
        model.to(device, MatrixType.FastestOn(device));
        heads.to(device);
        var augmentation = new FaceAugmentation();
        var loop = new TrainingLoop(run, clock, progress) { Conclude = _ => CheckpointWriter.Save(folder, model, files, ScalarType.BFloat16) };
        return loop.Run(
        [
            () => new TeacherPhase(teacher, training, validation, options.Teacher, augmentation, options.Seed),
            () => new VisionPhase(model, heads, new FaceCommittee(teacher), MiniArchitecture.Processor, training, validation, options.Vision, augmentation, options.Seed + 1),
            () => new TextPhase(Kept(model, Path.Combine(run.CheckpointFolder, TowerName), files), heads, new FaceCommittee(teacher), tokenizer, FacialR1Prompt.Compact(Emotions.All).Text, new GenerationTokens([tokenizer.IdOf(QwenTokens.TurnEnd)], tokenizer.IdOf(QwenTokens.EndOfText), []),
                ActionUnitWeights.For(training), MiniArchitecture.Processor, training, validation, options.Text, augmentation with { EraseProbability = 0.1 }, options.Seed + 2),
        ], cancellationToken) ? folder : null;
    }

    /// <summary>Keeps the model as it is when the tower can see and the decoder is still fresh: the later stages start there.</summary>
    private static Qwen25VlModel Kept(Qwen25VlModel model, string folder, CheckpointFiles files)
    {
        CheckpointWriter.Save(folder, model, files, ScalarType.BFloat16);
        return model;
    }

    public static CheckpointFiles Files(Tokenizer tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("facialr1-tokenizer-");
        try
        {
            tokenizer.Save(folder.FullName);
            return CheckpointFiles.From(folder.FullName)
                .With("config.json", MiniArchitecture.Config(tokenizer).ToJsonString())
                .With(ImageProcessorOptions.FileName, MiniArchitecture.Processor.ToJson())
                .With("generation_config.json", new JsonObject
                {
                    ["do_sample"] = false, ["max_new_tokens"] = 192, ["eos_token_id"] = tokenizer.IdOf(QwenTokens.TurnEnd),
                    ["pad_token_id"] = tokenizer.IdOf(QwenTokens.EndOfText), ["prompt_id"] = FacialR1Prompt.CompactId,
                }.ToJsonString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static Tokenizer LoadOrTrainTokenizer(RunFolder run, IReadOnlyList<FaceSample> training, int seed)
    {
        var folder = Path.Combine(run.CheckpointFolder, "tokenizer");
        if (File.Exists(Path.Combine(folder, "tokenizer.json"))) return Tokenizer.Load(folder);
        var prompt = FacialR1Prompt.Compact(Emotions.All).Text;
        var reports = Enumerable.Range(0, ReportsForVocabulary).Select(index => (Sample: training[index % training.Count], Index: index))
            .Select(item => ReportComposer.Compose(item.Sample.ActionUnits!, item.Sample.Emotion!.Value, (ulong)FaceBatch.Mix(seed, item.Index)));
        var frame = $"system\n{ChatTemplate.DefaultSystemText}\nuser\n{prompt}\nassistant\n";
        var tokenizer = TokenizerTrainer.Train(reports.Concat(Enumerable.Repeat(frame, 200)), VocabularySize);
        Directory.CreateDirectory(folder);
        tokenizer.Save(folder);
        return tokenizer;
    }

    internal static JsonObject Describe(PhaseOptions phase)
    {
        var settings = new JsonObject
        {
            ["epochs"] = phase.Epochs, ["batch"] = phase.BatchSize, ["learning_rate"] = phase.Peak, ["weight_decay"] = phase.Decay, ["drop_path"] = phase.DropPath,
        };
        if (phase.BlendsFaces) settings["blends_faces"] = true;
        return settings;
    }
}
