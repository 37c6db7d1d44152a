using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using static FacialR1.VisionLanguage.Tests.Faces.FaceDetectorFixture;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class FaceDetectorTests(FaceDetectorFixture fixture) : IClassFixture<FaceDetectorFixture>
{
    public static TheoryData<string> Photos() => [.. PhotoNames];

    [Theory]
    [MemberData(nameof(Photos))]
    public void One_face_is_found_in_a_portrait_with_its_points_in_order(string name)
    {
        var face = Assert.Single(fixture.Detector.Detect(Photo(name)));
        var points = face.Keypoints;

        Assert.InRange(face.Score, 0.85f, 1f);
        Assert.InRange(face.Box.Width, 512 * 0.25, 512 * 0.5);
        // The person's right is on the left of the picture.
        Assert.True(points.RightEar.X < points.RightEye.X && points.RightEye.X < points.NoseTip.X && points.NoseTip.X < points.LeftEye.X && points.LeftEye.X < points.LeftEar.X);
        Assert.True(points.RightEye.Y < points.NoseTip.Y && points.NoseTip.Y < points.Mouth.Y);
        Assert.All(new[] { points.RightEye, points.LeftEye, points.NoseTip, points.Mouth }, p =>
            Assert.True(p.X > face.Box.Left && p.X < face.Box.Right && p.Y > face.Box.Top && p.Y < face.Box.Bottom));
    }

    [Fact]
    public void A_small_face_in_a_large_picture_is_found_where_it_is()
    {
        var portrait = Photo(PhotoNames[0]);
        var alone = Assert.Single(fixture.Detector.Detect(portrait)).Box;
        var small = PillowResize.Bicubic(portrait, 128, 128);   // the face is about 1/22 of the canvas

        var face = Assert.Single(fixture.Detector.Detect(Canvas(1024, 768, 150, (small, 700, 500)))).Box;

        Assert.InRange(face.Left + face.Width / 2.0, 700 + (alone.Left + alone.Width / 2.0) / 4 - 5, 700 + (alone.Left + alone.Width / 2.0) / 4 + 5);
        Assert.InRange(face.Top + face.Height / 2.0, 500 + (alone.Top + alone.Height / 2.0) / 4 - 5, 500 + (alone.Top + alone.Height / 2.0) / 4 + 5);
        Assert.InRange(face.Width, alone.Width / 4.0 * 0.8, alone.Width / 4.0 * 1.25);
    }

    [Fact]
    public void Several_faces_come_largest_first()
    {
        RgbImage Sized(int index, int side) => PillowResize.Bicubic(Photo(PhotoNames[index]), side, side);
        var group = Canvas(900, 512, 90, (Sized(0, 256), 0, 0), (Sized(1, 400), 256, 0), (Sized(2, 200), 700, 0), (Sized(3, 150), 0, 300));

        var faces = fixture.Detector.Detect(group);

        Assert.Equal(4, faces.Count);
        Assert.Equal(faces.OrderByDescending(face => face.Box.Area), faces);
        Assert.InRange(faces[0].Box.Left, 256, 656);
    }

    [Fact]
    public void A_crop_tighter_than_the_head_is_still_found()
    {
        var photo = Photo(PhotoNames[3]);
        var tight = FaceCrop.Crop(photo, fixture.Detector.Detect(photo)[0]);

        var face = Assert.Single(fixture.Detector.Detect(PillowResize.Bicubic(tight, 48, 48)));
        Assert.InRange(face.Box.Width, 48 * 0.6, 48 * 1.1);
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("checks")]
    [InlineData("stripes")]
    [InlineData("hills")]
    public void Nothing_is_found_where_there_is_no_face(string drawing)
    {
        Func<int, int, (byte Red, byte Green, byte Blue)> colour = drawing switch
        {
            "checks" => (x, y) => (x / 17 + y / 17) % 2 == 0 ? ((byte)230, (byte)220, (byte)210) : ((byte)20, (byte)30, (byte)40),
            "stripes" => (x, y) => ((byte)(127 + 120 * Math.Sin((x + y / 2.0) / 13)), 90, (byte)(127 + 120 * Math.Cos(y / 13.0))),
            "hills" => (x, y) => y < 250 + 30 * Math.Sin(x / 70.0) ? ((byte)120, (byte)(170 + y / 8), (byte)235) : ((byte)70, (byte)(150 - y / 10), (byte)60),
            _ => (_, _) => (128, 128, 128),
        };
        Assert.Empty(fixture.Detector.Detect(Drawn(colour)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(3000, 20)]
    public void Any_shape_of_picture_is_taken(int width, int height) =>
        Assert.Empty(fixture.Detector.Detect(Canvas(width, height, 100)));

    [Fact]
    public void Several_threads_get_the_answer_one_gets()
    {
        var photo = Photo(PhotoNames[2]);
        var alone = fixture.Detector.Detect(photo);
        var together = new IReadOnlyList<DetectedFace>[4];
        Parallel.For(0, together.Length, i => together[i] = fixture.Detector.Detect(photo));
        Assert.All(together, faces => Assert.Equal(alone, faces));
    }

    [Fact]
    public void Missing_weights_are_named() =>
        Assert.Contains(FaceDetector.ModelFile, Assert.Throws<FileNotFoundException>(() => FaceDetector.Load("nowhere")).Message, StringComparison.Ordinal);

    private static RgbImage Drawn(Func<int, int, (byte Red, byte Green, byte Blue)> colour)
    {
        var picture = Canvas(640, 480, 0);
        for (var y = 0; y < 480; y++)
            for (var x = 0; x < 640; x++)
            {
                var at = (y * 640 + x) * 3;
                (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]) = colour(x, y);
            }
        return picture;
    }
}
