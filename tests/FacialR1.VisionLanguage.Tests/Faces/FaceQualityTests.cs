using FacialR1.Analysis.Faces;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tests.Images;
using static FacialR1.VisionLanguage.Tests.Faces.FaceDetectorFixture;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class FaceQualityTests(FaceDetectorFixture fixture) : IClassFixture<FaceDetectorFixture>, IDisposable
{
    private readonly FaceReader reader = FaceReader.Load(RepositoryFiles.At("data", "models"));

    public static TheoryData<string> Photos() => [.. PhotoNames];

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_studio_portrait_is_not_warned_about(string name) => Assert.Empty(Problems(Face(name)));

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_thumbnail_is_small_and_not_called_blurred_as_well(string name) =>
        Assert.Equal([FaceProblem.Small], Problems(PillowResize.Bicubic(Face(name), 30, 30)));

    [Theory]
    [MemberData(nameof(Photos))]
    public void An_enlarged_thumbnail_is_blurred(string name)
    {
        var face = Face(name);
        Assert.Equal([FaceProblem.Blurred], Problems(PillowResize.Bicubic(PillowResize.Bicubic(face, 16, 16), face.Width, face.Height)));
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_face_without_light_is_dark(string name) => Assert.Contains(FaceProblem.Dark, Problems(Lit(Face(name), 0.2)));

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_face_with_too_much_light_is_overexposed(string name) => Assert.Contains(FaceProblem.Overexposed, Problems(Lit(Face(name), 4)));

    [Theory]
    [InlineData(0.62, 1.0, 210)]
    [InlineData(0.62, 1.0, 70)]
    [InlineData(0.26, 0.5, 20)]
    public void A_cover_over_mouth_or_eyes_is_noticed(double fromRow, double toRow, byte grey)
    {
        var face = Face(PhotoNames[0]);
        var covered = new RgbImage(face.Width, face.Height, [.. face.Pixels]);
        for (var y = (int)(fromRow * face.Height); y < toRow * face.Height; y++) covered.Pixels.AsSpan(y * face.Width * 3, face.Width * 3).Fill(grey);
        Assert.Equal([FaceProblem.Covered], Problems(covered));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.9, true)]
    [InlineData(0.1, true)]
    public void A_nose_far_from_the_middle_between_the_eyes_is_a_face_turned_away(double along, bool isTurned)
    {
        var points = Enumerable.Range(0, FaceLandmarks.Count).Select(index => new FacePoint(0.5 + 0.4 * Math.Cos(index), 0.5 + 0.4 * Math.Sin(index))).ToArray();
        (points[36], points[45], points[30]) = (new(0.3, 0.4), new(0.7, 0.4), new(0.3 + 0.4 * along, 0.6));
        var quality = FaceQuality.Of(PillowResize.Bicubic(Face(PhotoNames[0]), FaceReader.Side, FaceReader.Side).ToGrey(), 200, new FaceLandmarks(points));
        Assert.Equal(isTurned, quality.Warnings.Any(warning => warning.Problem == FaceProblem.TurnedAway));
        Assert.Equal(Math.Abs(along - 0.5), quality.Turn, 6);
    }

    [Fact]
    public void A_warning_says_what_was_measured_against_which_limit()
    {
        var warning = Assert.Single(reader.Read(PillowResize.Bicubic(Face(PhotoNames[0]), 30, 30)).Quality.Warnings);
        Assert.Equal(("small", 30, FaceQuality.FewestPixels), (warning.Name, warning.Measured, warning.Limit));
    }

    private FaceProblem[] Problems(RgbImage face) => [.. reader.Read(face).Quality.Warnings.Select(warning => warning.Problem)];

    private RgbImage Face(string name)
    {
        var photo = Photo(name);
        return FaceCrop.Crop(photo, fixture.Detector.Detect(photo)[0]);
    }

    private static RgbImage Lit(RgbImage face, double factor) => new(face.Width, face.Height, Array.ConvertAll(face.Pixels, level => (byte)Math.Min(255, level * factor)));

    public void Dispose() => reader.Dispose();
}
