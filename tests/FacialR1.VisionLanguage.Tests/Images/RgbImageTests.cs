using CsCheck;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class RgbImageTests
{
    private static RgbImage Numbered(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height).SelectMany(i => new[] { (byte)(i % width), (byte)(i / width), (byte)7 })]);

    [Fact]
    public void A_crop_holds_the_pixels_of_its_box_and_repeats_the_edge_outside() =>
        Gen.Select(Gen.Int[-9, 9], Gen.Int[-9, 9], Gen.Int[1, 20], Gen.Int[1, 20])
            .Where((left, top, width, height) => left + width > 0 && top + height > 0)
            .Sample((left, top, width, height) =>
            {
                var cropped = Numbered(10, 12).Crop(new PixelBox(left, top, width, height));
                Assert.Equal((width, height), (cropped.Width, cropped.Height));
                for (var y = 0; y < height; y++)
                    for (var x = 0; x < width; x++)
                        Assert.Equal([(byte)Math.Clamp(left + x, 0, 9), (byte)Math.Clamp(top + y, 0, 11), 7], cropped.Row(y).Slice(x * 3, 3).ToArray());
            });

    [Fact]
    public void A_box_beside_the_picture_is_refused() =>
        Assert.Throws<ArgumentException>(() => Numbered(10, 12).Crop(new PixelBox(10, 0, 3, 3)));

    [Fact]
    public void Bytes_must_fit_the_size() => Assert.Throws<ArgumentException>(() => new RgbImage(2, 2, new byte[11]));
}
