using CsCheck;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class PillowResizeTests
{
    [Theory]
    [InlineData(56, 28)]
    [InlineData(16, 10)]
    [InlineData(37, 46)]
    [InlineData(12, 23)]
    [InlineData(1, 1)]
    [InlineData(111, 69)]
    [InlineData(36, 22)]
    public void Bytes_equal_those_of_Pillow(int width, int height)
    {
        var source = ImageReader.ReadFile(RepositoryFiles.Fixture("images", "resize-source.png"));
        var expected = ImageReader.ReadFile(RepositoryFiles.Fixture("images", $"resize-{width}x{height}.png"));

        var resized = PillowResize.Bicubic(source, width, height);

        Assert.Equal((width, height), (resized.Width, resized.Height));
        Assert.Equal(expected.Pixels, resized.Pixels);
    }

    [Fact]
    public void One_colour_stays_that_colour_at_any_size() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Byte)
            .Sample((width, height, newWidth, newHeight, value) =>
            {
                var flat = new RgbImage(width, height, [.. Enumerable.Repeat(value, width * height * 3)]);
                Assert.All(PillowResize.Bicubic(flat, newWidth, newHeight).Pixels, pixel => Assert.Equal(value, pixel));
            }, iter: 100);

    [Fact]
    public void Mirroring_before_or_after_resizing_is_the_same() =>
        AnyImage.Select(Gen.Int[1, 40], Gen.Int[1, 40]).Sample((image, width, height) =>
            Assert.Equal(Mirror(PillowResize.Bicubic(image, width, height)).Pixels, PillowResize.Bicubic(Mirror(image), width, height).Pixels, ByteWithinOne), iter: 100);

    [Fact]
    public void The_same_size_gives_the_same_bytes() =>
        AnyImage.Sample(image => Assert.Equal(image.Pixels, PillowResize.Bicubic(image, image.Width, image.Height).Pixels), iter: 50);

    private static readonly Gen<RgbImage> AnyImage =
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30]).SelectMany((w, h) => Gen.Byte.Array[w * h * 3].Select(pixels => new RgbImage(w, h, pixels)));

    // Weights are rounded one by one, so a mirrored sum may differ in its last bit.
    private static bool ByteWithinOne(byte a, byte b) => Math.Abs(a - b) <= 1;

    private static RgbImage Mirror(RgbImage image)
    {
        var mirrored = new byte[image.Pixels.Length];
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                image.Row(y).Slice(x * 3, 3).CopyTo(mirrored.AsSpan((y * image.Width + image.Width - 1 - x) * 3));
        return new RgbImage(image.Width, image.Height, mirrored);
    }
}
