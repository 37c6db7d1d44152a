using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Qwen25Vl;

/// <summary>Agreement with the reference implementation on tiny checkpoints, within the tolerances of Fixtures/parity/README.md.</summary>
public sealed class ParityTests
{
    private const double EmbeddingTolerance = 1e-4, LogitTolerance = 2e-4, GradientTolerance = 1e-3;

    public static IEnumerable<object[]> Cases() => GoldenCases.All().Select(found => new object[] { found.Folder, found.Case });

    public static IEnumerable<object[]> CasesWithImages() => GoldenCases.All().Where(found =>
    {
        using var golden = new GoldenCase(found.Folder, found.Case);
        return golden.HasImages;
    }).Select(found => new object[] { found.Folder, found.Case });

    [Theory]
    [MemberData(nameof(CasesWithImages))]
    public void Window_order_and_boundaries_are_the_reference_s(string folder, string name)
    {
        using var golden = new GoldenCase(folder, name);

        var layout = WindowLayout.Of(golden.Grids, Qwen25VlOptions.Load(folder).Vision);

        Assert.Equal(golden.Whole("window_index"), layout.CellOrder);
        Assert.Equal(golden.Whole("cu_window_seqlens"), layout.WindowEnds.Select(end => (long)end));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Positions_and_their_offset_are_the_reference_s(string folder, string name)
    {
        using var golden = new GoldenCase(folder, name);
        var options = Qwen25VlOptions.Load(folder);

        var positions = MultimodalPositions.Of(golden.Ids, golden.Grids, options.Tokens.Image, options.Vision.MergeSize);

        Assert.Equal(golden.Whole("position_ids"), (long[])[.. positions.Time, .. positions.Height, .. positions.Width]);
        Assert.Equal(golden.Whole("rope_deltas"), (long[])[positions.Delta]);
    }

    [Theory]
    [MemberData(nameof(CasesWithImages))]
    public void The_vision_tower_sees_what_the_reference_sees(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(folder, name);
        using var model = Load(folder);

        var visualTokens = model.Vision.Encode(golden.Read("pixel_values"), golden.Grids);

        Assert.Equal(golden.Read("image_embeds").shape, visualTokens.shape);
        AssertWithin(EmbeddingTolerance, golden.Read("image_embeds"), visualTokens);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_logit_is_the_reference_s(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(folder, name);
        using var model = Load(folder);

        AssertWithin(LogitTolerance, golden.Read("logits"), Logits(model, golden));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_the_reference_s(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(folder, name);
        using var model = Load(folder);

        var logits = Logits(model, golden);
        var labels = golden.Read("labels");
        var loss = nn.functional.cross_entropy(logits[TensorIndex.Colon, ..^1].flatten(0, 1), labels[TensorIndex.Colon, 1..].flatten(), ignore_index: -100);
        loss.backward();

        Assert.Equal(golden.Number("loss"), loss.item<float>(), LogitTolerance);
        var parameters = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Assert.NotEmpty(golden.GradientNames);
        Assert.All(golden.GradientNames, parameter =>
        {
            var (found, expected) = (parameters[parameter].grad?.norm().item<float>() ?? 0, golden.GradientNorm(parameter));
            Assert.True(Math.Abs(found - expected) <= GradientTolerance * expected, $"{parameter}: gradient norm {found}, the reference has {expected}");
        });
        if (!golden.HasImages) Assert.All(parameters.Where(pair => pair.Key.StartsWith("visual.")), pair => Assert.Null(pair.Value.grad));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_greedy_continuation_is_the_reference_s(string folder, string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var golden = new GoldenCase(folder, name);
        using var model = Load(folder);
        using var cache = new KeyValueCache(model.Options.Text.Layers);
        var expected = golden.Whole("greedy_ids");

        var written = new List<long>();
        var hidden = model.Read(golden.Read("input_ids"), golden.Read("position_ids"), VisualTokens(model, golden), cache);
        for (var position = golden.Ids.Length + golden.Whole("rope_deltas")[0]; written.Count < expected.Length; position++)
        {
            if (written.Count > 0) hidden = model.Read(tensor(written[^1]).view(1, 1), full([3, 1, 1], position - 1, ScalarType.Int64), cache: cache);
            written.Add(model.Logits(hidden[0, ^1]).argmax().item<long>());
        }

        Assert.Equal(expected, written);
    }

    private static Qwen25VlModel Load(string folder)
    {
        using var checkpoint = CheckpointFolder.Open(folder);
        return checkpoint.LoadModel(ScalarType.Float32, CPU, progress: null, CancellationToken.None);
    }

    private static Tensor? VisualTokens(Qwen25VlModel model, GoldenCase golden) =>
        golden.HasImages ? model.Vision.Encode(golden.Read("pixel_values"), golden.Grids) : null;

    private static Tensor Logits(Qwen25VlModel model, GoldenCase golden) =>
        model.Logits(model.Read(golden.Read("input_ids"), golden.Read("position_ids"), VisualTokens(model, golden)));

    private static void AssertWithin(double tolerance, Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        var difference = (expected - found).abs().max().item<float>();
        Assert.True(difference <= tolerance, $"differs by {difference}, allowed are {tolerance}");
    }
}
