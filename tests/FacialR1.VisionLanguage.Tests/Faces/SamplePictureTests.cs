using System.Text.Json;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tests.Images;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class SamplePictureTests(FaceDetectorFixture fixture) : IClassFixture<FaceDetectorFixture>
{
    private static readonly string Folder = RepositoryFiles.At("data", "samples");

    private static IReadOnlyList<JsonElement> Listed() =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "samples.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Files() => [.. Listed().Select(sample => sample.GetProperty("file").GetString()!)];

    [Fact]
    public void Every_picture_is_listed_with_its_source_and_licence()
    {
        Assert.Equal(Directory.EnumerateFiles(Folder, "*.jpg").Select(Path.GetFileName).Order(), Listed().Select(s => s.GetProperty("file").GetString()).Order());
        Assert.All(Listed(), sample => Assert.All(new[] { "title", "source", "licence" }, key => Assert.NotEmpty(sample.GetProperty(key).GetString()!)));
        Assert.All(Listed(), sample => Assert.Equal(sample.GetProperty("file").GetString()!.StartsWith("synthetic", StringComparison.Ordinal), sample.GetProperty("synthetic").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_is_small_and_shows_one_face(string file)
    {
        var path = Path.Combine(Folder, file);
        Assert.InRange(new FileInfo(path).Length, 1, 60_000);
        Assert.Single(fixture.Detector.Detect(ImageReader.ReadFile(path)));
    }
}
