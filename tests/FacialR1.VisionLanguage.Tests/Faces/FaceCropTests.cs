using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using static FacialR1.VisionLanguage.Tests.Faces.FaceDetectorFixture;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class FaceCropTests(FaceDetectorFixture fixture) : IClassFixture<FaceDetectorFixture>
{
    public static TheoryData<string> Photos() => [.. PhotoNames];

    // Medians over the training photos: eyes at (0.31, 0.39) and (0.69, 0.39), mouth at (0.505, 0.784).
    [Theory]
    [MemberData(nameof(Photos))]
    public void Eyes_and_mouth_lie_where_they_lie_in_the_training_photos(string name)
    {
        var face = Assert.Single(fixture.Detector.Detect(Photo(name)));
        var square = FaceCrop.For(face).Square;
        (double X, double Y) Place(PixelPoint p) => ((p.X - square.Left) / square.Width, (p.Y - square.Top) / square.Height);

        Assert.Equal(square.Width, square.Height);
        Near((0.31, 0.39), Place(face.Keypoints.RightEye));
        Near((0.69, 0.39), Place(face.Keypoints.LeftEye));
        Near((0.505, 0.784), Place(face.Keypoints.Mouth));

        static void Near((double X, double Y) expected, (double X, double Y) actual)
        {
            Assert.InRange(actual.X, expected.X - 0.06, expected.X + 0.06);
            Assert.InRange(actual.Y, expected.Y - 0.06, expected.Y + 0.06);
        }
    }

    [Fact]
    public void A_face_at_the_edge_keeps_its_frame()
    {
        var photo = Photo(PhotoNames[1]);
        var middle = FaceCrop.For(Assert.Single(fixture.Detector.Detect(photo))).Square;
        // Cut the photo through the forehead: the frame then reaches above the picture.
        var cut = middle.Top + middle.Height / 10;
        var edge = photo.Crop(new PixelBox(0, cut, 512, 512 - cut));

        var face = Assert.Single(fixture.Detector.Detect(edge));
        var square = FaceCrop.For(face).Square;
        var crop = FaceCrop.Crop(edge, face);

        Assert.True(square.Top < 0);
        Assert.Equal((square.Width, square.Height), (crop.Width, crop.Height));
        Assert.InRange(square.Width, middle.Width * 0.85, middle.Width * 1.15);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(2, -25)]
    public void A_tilted_head_is_cut_out_upright(int photo, double degrees)
    {
        // The frame that undoes the tilt, turned the other way round, tilts the photo.
        var tilted = new FaceFrame(new PixelBox(0, 0, 512, 512), -degrees).CutFrom(Photo(PhotoNames[photo]));
        var face = Assert.Single(fixture.Detector.Detect(tilted));
        Assert.InRange(face.Tilt, degrees - 5, degrees + 5);

        var upright = Assert.Single(fixture.Detector.Detect(FaceCrop.Crop(tilted, face)));
        Assert.InRange(upright.Tilt, -4, 4);
        Assert.NotEqual(0, FaceCrop.For(face).Degrees);
        Assert.Equal(0, FaceCrop.Upright(face).Degrees);
    }
}
