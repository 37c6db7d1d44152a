using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class BoxReduceTests
{
    [Fact]
    public void Each_pixel_is_the_mean_of_its_square()
    {
        var image = new RgbImage(5, 2, [0, 0, 0, 4, 0, 0, 100, 9, 9, 100, 9, 9, 7, 7, 7, 8, 0, 0, 12, 0, 0, 100, 9, 9, 100, 9, 9, 7, 7, 7]);
        Assert.Equal([6, 0, 0, 100, 9, 9], BoxReduce.By(image, 2).Pixels);
    }

    [Theory]
    [InlineData(4000, 3000, 512, 571)]
    [InlineData(1023, 700, 512, 1023)]
    [InlineData(100, 100, 512, 100)]
    [InlineData(2000, 3, 100, 666)]   // a square of source pixels must fit on the shorter side
    public void The_longer_side_stays_long_enough(int width, int height, int wanted, int expected) =>
        Assert.Equal(expected, BoxReduce.Towards(new RgbImage(width, height, new byte[width * height * 3]), wanted).Width);
}
