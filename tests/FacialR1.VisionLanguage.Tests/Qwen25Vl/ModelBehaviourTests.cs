using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Qwen25Vl;

/// <summary>What must hold for any weights, checked on a tiny random model.</summary>
public sealed class ModelBehaviourTests : IDisposable
{
    private const double SameNumber = 1e-5;   // float32 sums in another order
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Qwen25VlModel model = TinyModel.Create();

    private static PatchGrid Wide => new(1, 4, 10);

    private static PatchGrid Square => new(1, 6, 6);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void A_later_token_cannot_change_an_earlier_output()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 3, Wide);
        var before = prompt.Logits(model);
        for (var changed = prompt.Ids.Length - 4; changed < prompt.Ids.Length; changed++)
        {
            var other = prompt with { Ids = [.. prompt.Ids.Select((id, index) => index == changed ? (id + 7) % 50 : id)] };
            var after = other.Logits(model);
            AssertClose(before[0, ..changed], after[0, ..changed], 0);
            Assert.True((before[0, changed] - after[0, changed]).abs().max().item<float>() > 1e-3, "the changed token itself must matter");
        }
    }

    [Fact]
    public void A_picture_changes_what_comes_after_it_and_nothing_before()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 3, Wide);
        var first = Array.IndexOf(prompt.Ids, model.Options.Tokens.Image);
        var before = prompt.Logits(model);
        var after = (prompt with { Patches = [.. prompt.Patches.Select(value => -value)] }).Logits(model);
        AssertClose(before[0, ..first], after[0, ..first], 0);
        Assert.True((before[0, ^1] - after[0, ^1]).abs().max().item<float>() > 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(11)]
    public void Cached_reading_in_pieces_equals_one_full_pass(int piece)
    {
        using var noGradient = no_grad();
        var prompt = TinyPrompt.Of(model.Options, seed: 5, Wide, Square);
        var (ids, positions) = (prompt.IdTensor, prompt.Positions(model.Options));
        var expected = prompt.Logits(model);

        using var cache = new KeyValueCache(model.Options.Text.Layers, capacity: 4);   // small, so that it grows on the way
        var lastImage = Array.LastIndexOf(prompt.Ids, model.Options.Tokens.Image) + 1;
        List<Tensor> parts = [model.Read(ids[TensorIndex.Colon, ..lastImage], positions.narrow(2, 0, lastImage), prompt.VisualTokens(model), cache)];
        for (var start = lastImage; start < prompt.Ids.Length; start += piece)
        {
            var count = Math.Min(piece, prompt.Ids.Length - start);
            parts.Add(model.Read(ids.narrow(1, start, count), positions.narrow(2, start, count), cache: cache));
        }

        Assert.Equal(prompt.Ids.Length, cache.Length);
        AssertClose(expected, model.Logits(cat(parts, dim: 1)), SameNumber);
    }

    [Fact]
    public void A_batch_with_left_padding_equals_each_prompt_alone()
    {
        using var noGradient = no_grad();
        TinyPrompt[] prompts = [TinyPrompt.Of(model.Options, 1, Wide), TinyPrompt.Of(model.Options, 2), TinyPrompt.Of(model.Options, 3, Square, Wide)];
        var (ids, positions, attended) = PadLeft(prompts);
        var visualTokens = cat([.. prompts.Select(prompt => prompt.VisualTokens(model)).OfType<Tensor>()]);

        var logits = model.Logits(model.Read(ids, positions, visualTokens, cache: null, attended));

        for (var row = 0; row < prompts.Length; row++)
            AssertClose(prompts[row].Logits(model)[0], logits[row].narrow(0, ids.shape[1] - prompts[row].Ids.Length, prompts[row].Ids.Length), SameNumber);
    }

    [Fact]
    public void A_padded_batch_goes_on_from_its_cache_as_each_prompt_alone()
    {
        using var noGradient = no_grad();
        TinyPrompt[] prompts = [TinyPrompt.Of(model.Options, 1, Wide), TinyPrompt.Of(model.Options, 2)];
        int[] next = [8, 9];
        var (ids, positions, attended) = PadLeft(prompts);
        using var cache = new KeyValueCache(model.Options.Text.Layers);
        model.Read(ids, positions, prompts[0].VisualTokens(model), cache, attended);
        var deltas = prompts.Select(prompt => MultimodalPositions.Of(prompt.Ids, prompt.Grids, model.Options.Tokens.Image, 2).Delta + prompt.Ids.Length).ToArray();
        var nextPositions = tensor(deltas).view(1, 2, 1).expand(3, 2, 1);
        var step = model.Logits(model.Read(tensor(next, dtype: ScalarType.Int64).view(2, 1), nextPositions, cache: cache, attended: cat([attended, ones(2, 1, dtype: ScalarType.Bool)], 1)));

        for (var row = 0; row < prompts.Length; row++)
        {
            var longer = prompts[row] with { Ids = [.. prompts[row].Ids, next[row]] };
            AssertClose(longer.Logits(model)[0, ^1], step[row, 0], SameNumber);
        }
    }

    [Fact]
    public void Pictures_in_one_call_do_not_see_each_other()
    {
        var both = TinyPrompt.Of(model.Options, seed: 7, Wide, Square);
        var first = Wide.Patches * model.Options.Vision.PatchLength;
        var together = both.VisualTokens(model)!;
        var alone = cat([(both with { Grids = [Wide], Patches = both.Patches[..first] }).VisualTokens(model)!, (both with { Grids = [Square], Patches = both.Patches[first..] }).VisualTokens(model)!]);
        AssertClose(alone, together, SameNumber);
    }

    [Fact]
    public void A_wrong_number_of_visual_tokens_is_refused()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 7, Wide);
        var error = Assert.Throws<ArgumentException>(() => model.Read(prompt.IdTensor, prompt.Positions(model.Options), prompt.VisualTokens(model)![..^1]));
        Assert.Contains("10 image placeholders, 9 visual tokens", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_gradient_reaches_every_parameter(bool tieEmbeddings)
    {
        using var trained = TinyModel.Create(TinyModel.Options(tieEmbeddings));
        trained.train();
        TinyPrompt.Of(trained.Options, seed: 11, Wide).Logits(trained).square().mean().backward();
        Assert.All(trained.named_parameters(), pair => Assert.True(pair.parameter.grad?.norm().item<float>() > 0, $"{pair.name} has no gradient"));
    }

    [Theory]
    [InlineData("visual.")]
    [InlineData("model.")]
    public void A_gradient_reaches_exactly_the_trainable_parameters(string frozen)
    {
        foreach (var (name, parameter) in model.named_parameters()) parameter.requires_grad = !name.StartsWith(frozen);
        TinyPrompt.Of(model.Options, seed: 11, Square).Logits(model).square().mean().backward();
        Assert.All(model.named_parameters(), pair => Assert.Equal(!pair.name.StartsWith(frozen), pair.parameter.grad is not null));
    }

    [Fact]
    public void Bfloat16_stays_close_to_float32()
    {
        using var noGradient = no_grad();
        using var folder = new TemporaryFolder();
        TinyModel.Save(folder.Path);
        using var checkpoint = CheckpointFolder.Open(folder.Path);
        using var half = checkpoint.LoadModel(ScalarType.BFloat16, CPU, progress: null, CancellationToken.None);
        Assert.Equal(ScalarType.BFloat16, half.Type);
        var prompt = TinyPrompt.Of(model.Options, seed: 13, Wide);
        var (full, low) = (prompt.Logits(model), prompt.Logits(half).to(ScalarType.Float32));

        // bfloat16 keeps 8 bits: 2^-9 per rounding, a few dozen roundings deep.
        var relative = ((full - low).norm() / full.norm()).item<float>();
        Assert.InRange(relative, 1e-4, 0.03);
    }

    [Fact]
    public void A_forward_pass_leaves_one_tensor_behind()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 17, Wide, Square);
        var (ids, positions, visualTokens) = (prompt.IdTensor, prompt.Positions(model.Options), prompt.VisualTokens(model));
        using var inner = NewDisposeScope();
        var before = inner.DisposablesCount;
        Assert.Equal(1, LeakCheck.TensorsLeftBy(() => model.Read(ids, positions, visualTokens)));
        Assert.Equal(before + 1, inner.DisposablesCount);
    }

    [Fact]
    public void Encoding_a_picture_leaves_one_tensor_behind()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 17, Wide, Square);
        using var patches = tensor(prompt.Patches).view(-1, model.Options.Vision.PatchLength);
        using var inner = NewDisposeScope();
        Assert.Equal(1, LeakCheck.TensorsLeftBy(() => model.Vision.Encode(patches, prompt.Grids)));
    }

    [Fact]
    public void Reading_with_a_cache_leaves_nothing_behind_once_the_cache_is_gone()
    {
        var prompt = TinyPrompt.Of(model.Options, seed: 17);
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() =>
        {
            using var noGradient = no_grad();
            using var inner = NewDisposeScope();
            using var cache = new KeyValueCache(model.Options.Text.Layers, capacity: 2);
            for (var index = 0; index < prompt.Ids.Length; index++)
                model.Read(prompt.IdTensor.narrow(1, index, 1), full([3, 1, 1], index, ScalarType.Int64), cache: cache);
        }));
    }

    private (Tensor Ids, Tensor Positions, Tensor Attended) PadLeft(TinyPrompt[] prompts)
    {
        var length = prompts.Max(prompt => prompt.Ids.Length);
        var ids = full([prompts.Length, length], model.Options.Tokens.Padding!.Value, ScalarType.Int64);
        var positions = ones([3, prompts.Length, length], ScalarType.Int64);
        var attended = zeros([prompts.Length, length], ScalarType.Bool);
        for (var row = 0; row < prompts.Length; row++)
        {
            var pad = length - prompts[row].Ids.Length;
            ids[row, pad..] = prompts[row].IdTensor[0];
            positions[TensorIndex.Colon, row, pad..] = prompts[row].Positions(model.Options).squeeze(1);
            attended[row, pad..] = ones(prompts[row].Ids.Length, ScalarType.Bool);
        }

        return (ids, positions, attended);
    }

    private static void AssertClose(Tensor expected, Tensor found, double tolerance)
    {
        Assert.Equal(expected.shape, found.shape);
        var difference = (expected - found).abs().max().item<float>();
        Assert.True(difference <= tolerance, $"differs by {difference}, allowed are {tolerance}");
    }
}
