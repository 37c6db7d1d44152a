using CsCheck;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class SmartResizeTests
{
    [Theory]
    [InlineData(48, 48, 3136, 56, 56)]
    [InlineData(100, 100, 3136, 112, 112)]
    [InlineData(224, 224, 3136, 224, 224)]
    [InlineData(640, 480, 3136, 644, 476)]
    [InlineData(48, 48, 65536, 280, 280)]
    [InlineData(48, 48, 200704, 448, 448)]
    [InlineData(100, 100, 200704, 448, 448)]
    [InlineData(70, 98, 0, 56, 112)]   // 2.5 and 3.5 factors: halves go to the even multiple, 2 and 4
    public void Sizes_equal_those_of_the_reference(int width, int height, long minimum, int expectedWidth, int expectedHeight) =>
        Assert.Equal(new PixelSize(expectedWidth, expectedHeight), SmartResize.For(width, height, 28, minimum, 12_845_056));

    [Fact]
    public void Sides_are_multiples_of_the_factor_and_pixels_stay_in_the_budget() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 3000], Gen.Int[6, 28], Gen.Int[4, 64])
            .Where((width, height, _, _) => Math.Max(width, height) <= 4 * Math.Min(width, height))
            .Sample((width, height, factor, cells) =>
            {
                var (minimum, maximum) = ((long)factor * factor * cells, (long)factor * factor * cells * 4);
                var size = SmartResize.For(width, height, factor, minimum, maximum);
                Assert.Equal((0, 0), (size.Width % factor, size.Height % factor));
                Assert.InRange((long)size.Width * size.Height, minimum, maximum);
            });

    [Fact]
    public void Longer_than_200_to_1_is_refused()
    {
        SmartResize.For(200, 1, 28, 3136, 1_003_520);
        Assert.Throws<ArgumentException>(() => SmartResize.For(201, 1, 28, 3136, 1_003_520));
    }
}
