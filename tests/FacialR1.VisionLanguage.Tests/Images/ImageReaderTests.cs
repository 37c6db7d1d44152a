using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class ImageReaderTests
{
    private static readonly byte[] Red = [255, 0, 0], Green = [0, 255, 0], Blue = [0, 0, 255], White = [255, 255, 255];

    /// <summary>48 x 32 upright: red, green in the upper row; blue, white in the lower.</summary>
    private static RgbImage Quadrants(int width = 48, int height = 32)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                ((y < height / 2, x < width / 2) switch { (true, true) => Red, (true, false) => Green, (false, true) => Blue, _ => White })
                    .CopyTo(pixels, (y * width + x) * 3);
        return new RgbImage(width, height, pixels);
    }

    private static byte[] At(RgbImage image, int x, int y) => image.Row(y).Slice(x * 3, 3).ToArray();

    private static string Corners(RgbImage image)
    {
        char Name(int x, int y) => At(image, x, y) switch
        {
            [> 180, < 90, < 90] => 'R',
            [< 90, > 180, < 90] => 'G',
            [< 90, < 90, > 180] => 'B',
            [> 180, > 180, > 180] => 'W',
            _ => '?',
        };
        var (left, right, top, bottom) = (image.Width / 4, image.Width * 3 / 4, image.Height / 4, image.Height * 3 / 4);
        return $"{Name(left, top)}{Name(right, top)}{Name(left, bottom)}{Name(right, bottom)}";
    }

    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        // One EXIF directory with one entry: tag 0x0112, type SHORT, count 1, value; big-endian.
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    // What the camera stored (48 x 32, R G over B W), and how it must look upright.
    [Theory]
    [InlineData(1, "RGBW", 48)]
    [InlineData(2, "GRWB", 48)]
    [InlineData(3, "WBGR", 48)]
    [InlineData(4, "BWRG", 48)]
    [InlineData(5, "RBGW", 32)]
    [InlineData(6, "BRWG", 32)]
    [InlineData(7, "WGBR", 32)]
    [InlineData(8, "GWRB", 32)]
    public void Orientation_of_the_camera_is_applied(byte orientation, string corners, int width)
    {
        var image = ImageReader.Read(WithOrientation(ImageWriter.ToJpeg(Quadrants(), 95), orientation));
        Assert.Equal((corners, width), (Corners(image), image.Width));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    public void What_is_written_reads_back(string type)
    {
        var file = type switch
        {
            "png" => ImageWriter.ToPng(Quadrants()),
            "jpeg" => ImageWriter.ToJpeg(Quadrants(), 95),
            _ => ImageWriter.ToWebP(Quadrants(), 100),
        };
        var image = ImageReader.Read(file);
        Assert.Equal((48, 32, "RGBW"), (image.Width, image.Height, Corners(image)));
        if (type == "png") Assert.Equal(Quadrants().Pixels, image.Pixels);
    }

    [Fact]
    public void Metadata_is_dropped_when_written_again()
    {
        var file = WithOrientation(ImageWriter.ToJpeg(Quadrants()), 6);
        Assert.True(file.AsSpan().IndexOf("Exif"u8) >= 0);
        Assert.True(ImageWriter.ToJpeg(ImageReader.Read(file)).AsSpan().IndexOf("Exif"u8) < 0);
    }

    [Fact]
    public void A_CMYK_JPEG_becomes_RGB() =>
        Assert.Equal("RGBW", Corners(ImageReader.ReadFile(RepositoryFiles.Fixture("images", "quadrants-cmyk.jpg"))));

    [Fact]
    public void Of_an_animation_the_first_frame_is_read() =>
        Assert.Equal(Red, At(ImageReader.ReadFile(RepositoryFiles.Fixture("images", "two-frames.gif")), 4, 3));

    [Fact]
    public void Grey_becomes_three_equal_channels() =>
        Assert.Equal([10, 10, 10, 200, 200, 200], ImageReader.Read(PngFile.Write(2, 1, PngFile.Grey, [10, 200])).Pixels);

    [Fact]
    public void Transparency_is_laid_over_white()
    {
        var image = ImageReader.Read(PngFile.Write(3, 1, PngFile.RgbAlpha, [255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 128]));
        Assert.Equal([255, 0, 0, 255, 255, 255, 127, 127, 127], image.Pixels);
    }

    [Fact]
    public void Grey_with_transparency_is_laid_over_white() =>
        Assert.Equal([0, 0, 0, 255, 255, 255], ImageReader.Read(PngFile.Write(2, 1, PngFile.GreyAlpha, [0, 255, 0, 0])).Pixels);

    [Fact]
    public void Palette_colours_and_their_transparency_are_resolved() =>
        Assert.Equal([1, 2, 3, 255, 255, 255, 9, 8, 7],
            ImageReader.Read(PngFile.Write(3, 1, PngFile.Palette, [0, 1, 2], [1, 2, 3, 4, 5, 6, 9, 8, 7], [255, 0])).Pixels);

    private static void Rejects(byte[] file, ImageRejection reason, params string[] words)
    {
        var error = Assert.Throws<ImageRejectedException>(() => ImageReader.Read(file));
        Assert.Equal(reason, error.Reason);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_file_is_refused() => Rejects([], ImageRejection.Empty, "empty");

    [Fact]
    public void Text_is_refused() => Rejects([.. "Dear Sir or Madam, this is a letter."u8], ImageRejection.NotAnImage, "JPEG, PNG");

    [Theory]
    [InlineData("jpeg", 0.9)]
    [InlineData("jpeg", 0.5)]
    [InlineData("png", 0.9)]
    [InlineData("png", 0.5)]
    [InlineData("webp", 0.5)]
    [InlineData("gif", 0.6)]
    public void A_file_cut_short_is_refused(string type, double kept)
    {
        var noise = new byte[200 * 150 * 3];
        new Random(1).NextBytes(noise);
        var image = new RgbImage(200, 150, noise);
        var file = type switch
        {
            "png" => ImageWriter.ToPng(image),
            "jpeg" => ImageWriter.ToJpeg(image),
            "webp" => ImageWriter.ToWebP(image),
            _ => File.ReadAllBytes(RepositoryFiles.Fixture("images", "two-frames.gif"))[..60],
        };
        var error = Assert.Throws<ImageRejectedException>(() => ImageReader.Read(file.AsMemory(0, (int)(file.Length * kept))));
        Assert.Contains(error.Reason, new[] { ImageRejection.Truncated, ImageRejection.Damaged });
        Assert.Contains("again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_alone_is_refused() => Rejects([.. ImageWriter.ToPng(Quadrants())[..20]], ImageRejection.Damaged, "header");

    [Fact]
    public void A_picture_of_absurd_size_is_refused_before_it_is_decoded()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rejects(PngFile.Write(30_000, 30_000, PngFile.Grey, []), ImageRejection.TooManyPixels, "900 megapixels", "50");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Longer_than_200_to_1_is_refused()
    {
        Assert.Equal(200, ImageReader.Read(PngFile.Write(200, 1, PngFile.Grey, new byte[200])).Width);
        Rejects(PngFile.Write(201, 1, PngFile.Grey, new byte[201]), ImageRejection.TooNarrow, "200 to 1");
        Rejects(PngFile.Write(1, 201, PngFile.Grey, new byte[201]), ImageRejection.TooNarrow, "1 x 201");
    }

    [Fact]
    public void More_than_20_MB_are_refused()
    {
        var png = ImageWriter.ToPng(Quadrants());
        Rejects([.. png, .. new byte[20 * 1024 * 1024]], ImageRejection.FileTooLarge, "20 MB");
        // Bytes behind the end of a picture do no harm.
        Assert.Equal(48, ImageReader.Read((byte[])[.. png, .. new byte[1000]]).Width);
    }

    [Fact]
    public void Tighter_limits_are_followed() =>
        Assert.Equal(ImageRejection.TooManyPixels, Assert.Throws<ImageRejectedException>(() =>
            ImageReader.Read(ImageWriter.ToPng(Quadrants()), new ImageLimits { MaximumPixels = 1000 })).Reason);

    [Theory]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0mif1avif", "AVIF")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isomavc1", "video")]
    [InlineData("II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")]
    public void A_type_that_cannot_be_read_is_named(string content, string type) =>
        Rejects(System.Text.Encoding.Latin1.GetBytes(content), ImageRejection.UnsupportedType, type, "JPEG");
}
