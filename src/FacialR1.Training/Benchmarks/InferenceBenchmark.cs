using System.Diagnostics;
using FacialR1.Analysis;
using FacialR1.Training.Data;
using FacialR1.Training.Optimization;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Benchmarks;

/// <summary>One measured number.</summary>
public readonly record struct BenchmarkRow(string Measure, double Value, string Unit);

/// <summary>Speed of a checkpoint on this machine. Each number is the best of a few repetitions, so that a busy moment does not decide.</summary>
public static class InferenceBenchmark
{
    private const int Repetitions = 3, AnswerTokens = 48;

    /// <summary>Measures one row after the other. Answers are forced to a fixed length, so that batches compare.</summary>
    public static IEnumerable<BenchmarkRow> Run(string folder, CancellationToken cancellationToken)
    {
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
            yield return new BenchmarkRow($"Matrix product 1024³, {Name(type)}", Product(type, 1024, 1024, 1024), "GFLOP/s");

        using var checkpoint = LoadedCheckpoint.Load(new LocalModelOptions(folder), progress: null, cancellationToken);
        var face = checkpoint.See(Picture());
        var prompt = checkpoint.Ask(face, DecodingOptions.Greedy).PromptIds.Count;

        var vision = Best(() =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            checkpoint.Model.Vision.Encode(tensor(face.Values, [face.Grid.Patches, face.PatchLength], device: checkpoint.Model.Device), [face.Grid]);
        });
        yield return new BenchmarkRow("Vision tower, one image", vision * 1000, "ms");

        var first = Best(() => Write(checkpoint, face, rows: 1, tokens: 1));
        yield return new BenchmarkRow("First token, image read to token chosen", first * 1000, "ms");
        yield return new BenchmarkRow($"Prefill of {prompt} tokens, vision included", prompt / first, "tokens/s");

        var single = 0.0;
        foreach (var rows in (int[])[1, 16, 64])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var prefill = Best(() => Write(checkpoint, face, rows, tokens: 1));
            var whole = Best(() => Write(checkpoint, face, rows, AnswerTokens));
            var rate = rows * (AnswerTokens - 1) / Math.Max(1e-9, whole - prefill);
            if (rows == 1) single = rate;
            yield return new BenchmarkRow($"Decoding, batch {rows}", rate, "tokens/s");
            if (rows > 1) yield return new BenchmarkRow($"Decoding, batch {rows} over batch 1", rate / single, "×");
            if (rows == 1) yield return new BenchmarkRow($"Whole analysis of {AnswerTokens} tokens", whole, "s");
        }

        foreach (var row in Training(checkpoint.Model.Options)) yield return row;
    }

    private static IEnumerable<BenchmarkRow> Training(Qwen25VlOptions options)
    {
        const int faces = 64;
        var side = MiniArchitecture.Side / options.Vision.PatchSize;
        var (tokens, width, inner) = (faces * side * side, options.Vision.Width, options.Vision.MlpWidth);
        var peak = Product(ScalarType.Float32, tokens, width, inner);
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        {
            using var tower = new VisionTower(options.Vision);
            tower.to(type);
            using var optimizer = new AdamW(tower.named_parameters().Select(row => (row.name, (Tensor)row.parameter)));
            var grids = Enumerable.Repeat(new PatchGrid(1, side, side), faces).ToArray();
            var seconds = Best(() =>
            {
                using var scope = NewDisposeScope();
                var patches = rand(tokens, options.Vision.PatchLength, dtype: type);
                tower.Encode(patches, grids).to(ScalarType.Float32).square().mean().backward();
                optimizer.Step(1e-4);
                optimizer.ZeroGradients();
            });
            // Six operations per weight and token (forward 2, backward 4); the merger's weights see one token per cell only.
            var matrices = tower.named_parameters().Where(row => row.parameter.dim() > 1)
                .Sum(row => (double)row.parameter.numel() * (row.name.StartsWith("merger", StringComparison.Ordinal) ? 1.0 / (options.Vision.MergeSize * options.Vision.MergeSize) : 1));
            var rate = 6 * matrices * tokens / seconds / 1e9;
            yield return new BenchmarkRow($"Training the vision tower, {Name(type)}", faces / seconds, "samples/s");
            yield return new BenchmarkRow($"  its matrix products, {Name(type)}", rate, "GFLOP/s");
            yield return new BenchmarkRow($"  share of the fp32 peak at {tokens}×{width}×{inner}, {Name(type)}", 100 * rate / peak, "%");
        }
    }

    private static void Write(LoadedCheckpoint checkpoint, ImagePatches face, int rows, int tokens)
    {
        var decoding = DecodingOptions.Greedy with { MinTokens = tokens, MaxTokens = tokens };
        var requests = Enumerable.Range(0, rows).Select(_ => checkpoint.Ask(face, decoding)).ToArray();
        AnswerBatch.WriteAll(checkpoint.Model, checkpoint.Tokens, tokenizer: null, requests, rows, CancellationToken.None);
    }

    private static double Product(ScalarType type, long rows, long inner, long columns)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (left, right) = (randn(rows, inner).to(type), randn(columns, inner).to(type));
        var seconds = Best(() =>
        {
            for (var time = 0; time < 10; time++)
            {
                using var result = functional.linear(left, right);
            }
        });
        return 10 * 2.0 * rows * inner * columns / seconds / 1e9;
    }

    private static double Best(Action work)
    {
        work();   // first calls allocate and compile
        return Enumerable.Range(0, Repetitions).Min(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        });
    }

    private static RgbImage Picture()
    {
        var pixels = new byte[MiniArchitecture.Side * MiniArchitecture.Side * 3];
        new Random(1).NextBytes(pixels);
        return new RgbImage(MiniArchitecture.Side, MiniArchitecture.Side, pixels);
    }

    private static string Name(ScalarType type) => type == ScalarType.Float32 ? "fp32" : "bf16";
}
