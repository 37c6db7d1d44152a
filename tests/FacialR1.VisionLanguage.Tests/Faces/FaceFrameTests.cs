using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using static FacialR1.VisionLanguage.Tests.Faces.FaceDetectorFixture;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class FaceFrameTests
{
    [Fact]
    public void An_upright_frame_is_the_plain_crop()
    {
        var photo = Photo(PhotoNames[0]);
        var square = new PixelBox(-20, 30, 200, 200);
        Assert.Equal(photo.Crop(square).Pixels, new FaceFrame(square).CutFrom(photo).Pixels);
    }

    [Fact]
    public void A_frame_turned_by_a_quarter_reads_the_picture_sideways()
    {
        // Columns 0 to 3, rows 0 to 3; turned clockwise by a quarter, the frame's upper left corner is the picture's upper right.
        var picture = new RgbImage(4, 4, [.. Enumerable.Range(0, 16).SelectMany(i => Enumerable.Repeat((byte)(10 * i), 3))]);
        var turned = new FaceFrame(new PixelBox(0, 0, 4, 4), 90).CutFrom(picture);
        Assert.Equal([30, 70, 110, 150, 20], Enumerable.Range(0, 5).Select(i => (int)turned.Pixels[3 * i]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(-140)]
    public void A_place_in_the_cut_picture_shows_the_same_pixel_as_its_place_in_the_whole_one(double degrees)
    {
        var picture = Canvas(300, 200, 40, (Canvas(9, 9, 240), 160, 90));
        var frame = new FaceFrame(new PixelBox(100, 40, 120, 120), degrees);
        var cut = frame.CutFrom(picture);
        var bright = Enumerable.Range(0, cut.Width * cut.Height).Where(place => cut.Pixels[3 * place] > 200).ToArray();
        var (x, y) = (bright.Average(place => place % cut.Width + 0.5), bright.Average(place => place / cut.Width + 0.5));

        var there = frame.ToPicture(x / cut.Width, y / cut.Height);

        Assert.InRange(there.X, 164.0, 165.0);
        Assert.InRange(there.Y, 94.0, 95.0);
    }

    [Fact]
    public void A_large_turned_frame_is_made_smaller_while_it_is_cut()
    {
        var cut = new FaceFrame(new PixelBox(-200, -200, 2500, 2500), 30).CutFrom(Canvas(2000, 2000, 90));
        Assert.InRange(cut.Width, 512, 1024);
        Assert.All(cut.Pixels, level => Assert.Equal(90, level));
    }
}
