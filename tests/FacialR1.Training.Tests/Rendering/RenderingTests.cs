using System.Numerics;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.TestKit;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.Training.Rendering;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Tests.Rendering;

/// <summary>Drawing faces, on a head that the test makes.</summary>
public sealed class RenderingTests : IDisposable
{
    private static readonly FaceLook Look = new() { Skin = FaceLook.SkinTones[1], Hair = new(0.2f), Iris = new(0.3f, 0.2f, 0.1f), Style = HairStyle.Cropped };
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("facialr1-render-");

    private string Shapes => Path.Combine(root.FullName, "shapes");

    [Fact]
    public void The_same_scene_gives_the_same_pixels_and_an_open_jaw_others()
    {
        var renderer = new FaceRenderer(DrawnHead.Load(Shapes), side: 64);
        var (rest, again, open) = (renderer.Draw(Scene([])), renderer.Draw(Scene([])), renderer.Draw(Scene(new() { ["jawOpen"] = 1 })));
        Assert.Equal(rest.Pixels, again.Pixels);
        Assert.NotEqual(rest.Pixels, open.Pixels);
        Assert.Equal((64, 64), (rest.Width, rest.Height));
    }

    [Fact]
    public void Skin_is_lit_from_the_side_of_the_light()
    {
        var renderer = new FaceRenderer(DrawnHead.Load(Shapes), side: 64);
        int Red(RgbImage picture, int x, int y) => picture.Pixels[3 * (y * picture.Width + x)];
        var (left, right) = (renderer.Draw(Scene([]) with { Light = 1 }), renderer.Draw(Scene([]) with { Light = 2 }));
        Assert.True(Red(left, 20, 40) > Red(left, 44, 40));
        Assert.True(Red(right, 44, 40) > Red(right, 20, 40));
    }

    [Fact]
    public void A_nearer_triangle_hides_a_farther_one_and_weights_add_up()
    {
        var buffer = new VisibilityBuffer(8, 8);
        Vector3[] points = [new(0, 0, 1), new(8, 0, 1), new(0, 8, 1), new(0, 0, 2), new(4, 0, 2), new(0, 4, 2)];
        buffer.Draw(points, [0, 1, 2, 3, 4, 5], _ => true, isPerspective: false);
        Assert.Equal(1, buffer.Triangle[0]);
        Assert.Equal(0, buffer.Triangle[5]);
        Assert.Equal(VisibilityBuffer.Nothing, buffer.Triangle[63]);
        // The centre of pixel (1, 2) is (1.5, 2.5): weights 1.5/4 and 2.5/4, and nothing is left for the first corner.
        Assert.Equal((0.375f, 0.625f), (buffer.Second[17], buffer.Third[17]));
    }

    [Fact]
    public void An_intensity_is_the_mean_of_both_sides_and_the_jaw_drops_half_way()
    {
        var weights = UnitShapes.Weights(new Dictionary<int, float> { [12] = 0.8f, [26] = 0.6f, [25] = 0.5f }, lean: 0.1f);
        Assert.Equal(0.8f, (weights["mouthSmile_L"] + weights["mouthSmile_R"]) / 2, 6);
        Assert.True(weights["mouthSmile_L"] > weights["mouthSmile_R"]);
        Assert.Equal(0.3f, weights["jawOpen"], 6);
        Assert.Equal(3, weights.Count);
    }

    [Fact]
    public void Parted_lips_are_measured_on_the_mesh()
    {
        var shapes = DrawnHead.Load(Shapes);
        var person = shapes.Person([0.5f]);
        float Gap(float jaw) => UnitShapes.LipGap(shapes, person, shapes.Express(person, new Dictionary<string, float> { ["jawOpen"] = jaw }));
        Assert.Equal(0, Gap(0), 3);
        Assert.Equal(0.3, Gap(0.1f), 3);   // the fixture's jaw takes the lower lip 3 units down
        Assert.Equal(1, Gap(0.9f), 3);
        Assert.Contains("\"frown\"", Assert.Throws<ArgumentException>(() => shapes.Express(person, new Dictionary<string, float> { ["frown"] = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_says_what_it_draws()
    {
        var plan = RenderedPlan.Make(DrawnHead.Load(Shapes), people: 3, seed: 7);
        Assert.Equal(60, plan.Select(face => face.Id).Distinct().Count());
        Assert.Equal(["p01", "p02", "p03"], plan.Select(face => face.Subject).Distinct());
        foreach (var face in plan)
            switch (face.Emotion)
            {
                case Emotion.Neutral:
                    Assert.Empty(face.Present);
                    break;
                case { } emotion:
                    var pattern = RenderedPlan.Patterns.First(row => row.Emotion == emotion && row.Source == face.Pattern && row.Units.All(face.Present.Contains));
                    // Parted lips follow from other units and may come along.
                    Assert.Empty(face.Present.Except(pattern.Units).Except([UnitShapes.LipsPart]));
                    break;
                default:
                    Assert.DoesNotContain(RenderedPlan.Patterns, row => row.Units.SequenceEqual(face.Present));
                    Assert.NotEmpty(face.Present);
                    break;
            }
        Assert.Equal(plan.Select(face => string.Join(' ', face.Intensities)), RenderedPlan.Make(DrawnHead.Load(Shapes), 3, 7).Select(face => string.Join(' ', face.Intensities)));
        Assert.NotEqual(plan.Select(face => string.Join(' ', face.Intensities)), RenderedPlan.Make(DrawnHead.Load(Shapes), 3, 8).Select(face => string.Join(' ', face.Intensities)));
    }

    [Fact]
    public void Every_pattern_is_in_the_table_of_prototypes()
    {
        var table = PrototypeTable.Parse(File.ReadAllText(RepositoryFiles.At("data/alignment/au-emotion-prototypes.json")));
        foreach (var (emotion, units, source) in RenderedPlan.Patterns)
            Assert.Contains(table.Patterns, pattern => pattern.Emotion == emotion && pattern.Source == source && pattern.ActionUnits.SequenceEqual(units.Order()));
    }

    [Fact]
    public void A_benchmark_written_twice_is_the_same_byte_for_byte_and_reads_back()
    {
        var shapes = DrawnHead.Load(Shapes);
        var plan = RenderedPlan.Make(shapes, people: 1);
        string[] folders = [.. ((string[])["a", "b"]).Select(name => Path.Combine(root.FullName, name))];
        foreach (var folder in folders)
            Assert.Equal(["p01-02"], RenderedBenchmark.Write(folder, shapes, plan, Missing(second: 2), progress: null, CancellationToken.None, side: 32));
        string[] files = [.. Directory.EnumerateFiles(folders[0], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folders[0], file)).Order(StringComparer.Ordinal)];
        Assert.Equal(22, files.Length);
        foreach (var file in files) Assert.Equal(File.ReadAllBytes(Path.Combine(folders[0], file)), File.ReadAllBytes(Path.Combine(folders[1], file)));

        var benchmark = Benchmark.Load(folders[0], null);
        Assert.Equal(20, benchmark.Samples.Count);
        Assert.Equal((20, 20), (benchmark.Open(benchmark.Samples[0]).Width, benchmark.Open(benchmark.Samples[0]).Height));
        Assert.Equal(32, benchmark.Open(benchmark.Samples[1]).Width);
        Assert.Contains("ynthetic", benchmark.LabelNote, StringComparison.Ordinal);
        Assert.Equal(plan[0].Present, benchmark.Samples[0].Labels.ActionUnits);

        var other = Path.Combine(root.FullName, "other");
        BenchmarkFolder.Write(other, RenderedBenchmark.Manifest with { Name = "mine" });
        Assert.Contains("\"mine\"", Assert.Throws<DataFormatException>(() => RenderedBenchmark.Write(other, shapes, plan, _ => null, null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_with_the_file()
    {
        Assert.Contains("index.json was not found", Assert.Throws<DataFormatException>(() => FaceShapes.Load(root.FullName)).Message, StringComparison.Ordinal);
        DrawnHead.Write(Shapes);
        File.WriteAllBytes(Path.Combine(Shapes, "neutral.f32"), new byte[12]);
        Assert.Contains("neutral.f32 has 12 bytes", Assert.Throws<DataFormatException>(() => FaceShapes.Load(Shapes)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Shapes, "neutral.f32"));
        Assert.Contains("neutral.f32 was not found", Assert.Throws<DataFormatException>(() => FaceShapes.Load(Shapes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bundled_benchmark_is_whole()
    {
        var folder = RepositoryFiles.At($"data/benchmarks/{RenderedBenchmark.Name}");
        var benchmark = Benchmark.Load(folder, null);
        Assert.Equal(500, benchmark.Samples.Count);
        Assert.Equal(25, benchmark.Samples.Select(sample => sample.Subject).Distinct().Count());
        Assert.All(benchmark.Samples, sample => Assert.NotNull(sample.Face));
        Assert.All(benchmark.Samples, sample => Assert.True(File.Exists(Path.Combine(folder, "images", sample.Image))));
        Assert.True(new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) < 15_000_000);
        foreach (var unit in benchmark.Vocabulary) Assert.True(benchmark.Samples.Count(sample => sample.Labels.ActionUnits!.Contains(unit)) >= 15, $"AU{unit} is rare");
        foreach (var emotion in Emotions.All) Assert.Equal(50, benchmark.Samples.Count(sample => sample.Labels.Emotion == emotion));
        Assert.All(benchmark.Samples.SelectMany(sample => sample.Intensities!.Values), value => Assert.True(value is <= 0.15 or >= 0.33));
        Assert.Contains("MIT License", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        Assert.Equal(RenderedBenchmark.Manifest.LabelNote, benchmark.LabelNote);
    }

    public void Dispose() => root.Delete(recursive: true);

    private static FaceScene Scene(Dictionary<string, float> shapes) => new() { Person = [0], Look = Look, Shapes = shapes, Units = new Dictionary<int, float>() };

    /// <summary>A detector that overlooks one picture.</summary>
    private static Func<RgbImage, PixelBox?> Missing(int second)
    {
        var picture = 0;
        return _ => ++picture == second ? null : new PixelBox(6, 6, 20, 20);
    }
}
