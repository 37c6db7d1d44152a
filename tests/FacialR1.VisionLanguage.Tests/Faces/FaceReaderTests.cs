using FacialR1.Analysis.Faces;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tests.Images;
using static FacialR1.VisionLanguage.Tests.Faces.FaceDetectorFixture;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class FaceReaderTests(FaceDetectorFixture fixture) : IClassFixture<FaceDetectorFixture>
{
    private static readonly string Models = RepositoryFiles.At("data", "models");

    [Theory]
    [InlineData("photo-smiling-021.jpg", true)]
    [InlineData("photo-smiling-062.jpg", true)]
    [InlineData("photo-neutral-034.jpg", false)]
    [InlineData("photo-neutral-037.jpg", false)]
    public void A_smile_raises_the_lip_corners_and_a_neutral_face_does_not(string photo, bool isSmile)
    {
        using var reader = FaceReader.Load(Models);
        var evidence = reader.Read(Crop(photo)).Evidence;
        Assert.Equal(isSmile, evidence.Of(12)!.IsPresent);
        Assert.True(evidence.HasEstimates);
        Assert.All(evidence.Units, unit => Assert.InRange(unit.Value!.Value, 0, 1));
    }

    [Fact]
    public void The_68_points_lie_where_a_face_has_them()
    {
        using var reader = FaceReader.Load(Models);
        var points = reader.Read(Crop("photo-neutral-034.jpg")).Landmarks;
        Assert.True(points[36].X < points[39].X && points[39].X < points[27].X && points[27].X < points[42].X && points[42].X < points[45].X, "eyes on both sides of the nose");
        Assert.True(points[19].Y < points[37].Y && points[37].Y < points[33].Y && points[33].Y < points[51].Y && points[51].Y < points[8].Y, "brow, eye, nose, lip, chin from top to bottom");
        Assert.True(points[48].X < points[54].X);
        // The detector finds the eyes on its own; both must mean the same place.
        var face = fixture.Detector.Detect(Photo("photo-neutral-034.jpg"))[0];
        var frame = FaceCrop.For(face).Square;
        var eye = points[36].Towards(points[39], 0.5);
        var there = new FacePoint((face.Keypoints.RightEye.X - frame.Left) / frame.Width, (face.Keypoints.RightEye.Y - frame.Top) / frame.Height);
        Assert.InRange(eye.DistanceTo(there), 0, 0.15 * points.InterOcular);
    }

    [Fact]
    public void Many_threads_read_the_same()
    {
        using var reader = FaceReader.Load(Models);
        var crop = Crop("photo-smiling-021.jpg");
        var alone = reader.Read(crop).Evidence.Units;
        Assert.All(ParallelEnumerable.Range(0, 16).Select(_ => reader.Read(crop).Evidence.Units).ToArray(), units => Assert.Equal(alone, units));
    }

    [Fact]
    public void Every_estimate_says_how_good_it_is()
    {
        using var reader = FaceReader.Load(Models);
        Assert.All(reader.Card.Units, unit =>
        {
            Assert.True(unit.Measured.N > 1000 && unit.Measured.Present > 0 && unit.AbsentBelow < unit.PresentFrom, $"AU{unit.ActionUnit}");
            Assert.InRange(unit.Measured.F1, 0.2, 1);
        });
    }

    [Fact]
    public void Missing_weights_are_named() =>
        Assert.Contains("Restore data/models", Assert.Throws<FileNotFoundException>(() => FaceReader.Load(Path.Combine(Path.GetTempPath(), "no-such-folder"))).Message, StringComparison.Ordinal);

    private RgbImage Crop(string name)
    {
        var photo = Photo(name);
        return FaceCrop.Crop(photo, fixture.Detector.Detect(photo)[0]);
    }
}
