using System.Globalization;
using SkiaSharp;

namespace FacialR1.VisionLanguage.Images;

/// <summary>
/// Decodes a picture that a person gave us: JPEG, PNG, WebP, GIF, BMP, ICO; of an animation the first frame.
/// </summary>
/// <remarks>
/// The orientation of the camera is applied, colours are converted to sRGB (a colour profile would be lost with the other
/// metadata), transparency is laid over white, grey, palette and CMYK become RGB, and all metadata is dropped.
/// </remarks>
public static class ImageReader
{
    private const string Advice = "Save it as JPEG, PNG or WebP and try again.";

    /// <summary>Reads and decodes a file.</summary>
    /// <exception cref="ImageRejectedException">The picture cannot be used; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RgbImage ReadFile(string path, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        var length = new FileInfo(path).Length;
        RejectSize(length, limits);
        return Read(File.ReadAllBytes(path), limits);
    }

    /// <summary>Size of a picture on disk, from its header alone: a quick look at whether <see cref="ReadFile"/> has a chance.</summary>
    /// <exception cref="ImageRejectedException">The picture cannot be used; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PixelSize ReadSize(string path, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        RejectSize(new FileInfo(path).Length, limits);
        var head = new byte[512];
        using (var file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (ImageSignature.UnsupportedType(head) is { } type)
            throw new ImageRejectedException(ImageRejection.UnsupportedType, $"This is {type}, which cannot be read here. {Advice}");
        using var codec = SKCodec.Create(path) ?? throw Unreadable(head);
        RejectDimensions(codec.Info.Width, codec.Info.Height, limits);
        return new PixelSize(codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Decodes the bytes of a file. Size, pixel count and aspect ratio are checked before anything is decoded.</summary>
    /// <exception cref="ImageRejectedException">The picture cannot be used; the message says why and what to do.</exception>
    public static RgbImage Read(ReadOnlyMemory<byte> file, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        RejectSize(file.Length, limits);
        if (ImageSignature.UnsupportedType(file.Span) is { } type)
            throw new ImageRejectedException(ImageRejection.UnsupportedType, $"This is {type}, which cannot be read here. {Advice}");

        using var data = SKData.CreateCopy(file.Span);
        using var codec = SKCodec.Create(data) ?? throw Unreadable(file.Span);
        var info = codec.Info;
        RejectDimensions(info.Width, info.Height, limits);
        return ExifOrientation.Apply(Decode(codec), codec.EncodedOrigin);
    }

    private static void RejectSize(long bytes, ImageLimits limits)
    {
        if (bytes == 0)
            throw new ImageRejectedException(ImageRejection.Empty, "The file is empty. Choose another file, or copy it again from where it came.");
        if (bytes > limits.MaximumBytes)
            throw new ImageRejectedException(ImageRejection.FileTooLarge, string.Create(CultureInfo.InvariantCulture,
                $"The file has {Megabytes(bytes):0.0} MB; at most {Megabytes(limits.MaximumBytes):0.#} MB are allowed. Scale the picture down or save it with stronger compression."));
    }

    private static double Megabytes(long bytes) => bytes / (1024.0 * 1024.0);

    private static void RejectDimensions(int width, int height, ImageLimits limits)
    {
        if (width < 1 || height < 1)
            throw new ImageRejectedException(ImageRejection.Damaged, $"The file says it is {width} x {height} pixels. {Advice}");
        if ((long)width * height > limits.MaximumPixels)
            throw new ImageRejectedException(ImageRejection.TooManyPixels, string.Create(CultureInfo.InvariantCulture,
                $"The picture has {width} x {height} = {(long)width * height / 1e6:0.#} megapixels; at most {limits.MaximumPixels / 1e6:0.#} are allowed. Scale it down first."));
        if (Math.Max(width, height) > limits.MaximumAspectRatio * Math.Min(width, height))
            throw new ImageRejectedException(ImageRejection.TooNarrow, string.Create(CultureInfo.InvariantCulture,
                $"The picture is {width} x {height}, longer than {limits.MaximumAspectRatio:0.#} to 1. Cut out the part that shows the face."));
    }

    private static ImageRejectedException Unreadable(ReadOnlySpan<byte> file)
    {
        // The first bytes are right but the header is not complete: the copy stopped early or the file is damaged.
        ReadOnlySpan<byte> png = [0x89, 0x50, 0x4E, 0x47];
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8, 0xFF];
        var known = file.StartsWith(png) || file.StartsWith(jpeg) || file.StartsWith("GIF8"u8) || file.StartsWith("RIFF"u8);
        return known
            ? new ImageRejectedException(ImageRejection.Damaged, "The picture is damaged or incomplete: its header cannot be read. Copy or download it again.")
            : new ImageRejectedException(ImageRejection.NotAnImage, $"This file is not a picture that can be read here. Choose a JPEG, PNG, WebP, GIF or BMP file.");
    }

    private static RgbImage Decode(SKCodec codec)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888,
            codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, SKColorSpace.CreateSrgb());
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info))
            throw new ImageRejectedException(ImageRejection.TooManyPixels, "There is not enough memory for this picture now. Scale it down or try again later.");

        switch (codec.GetPixels(info, bitmap.GetPixels()))
        {
            case SKCodecResult.Success:
                return OverWhite(bitmap);
            case SKCodecResult.IncompleteInput:
                throw new ImageRejectedException(ImageRejection.Truncated, "The picture ends too early: part of the file is missing. Copy or download it again.");
            case SKCodecResult.ErrorInInput:
                throw new ImageRejectedException(ImageRejection.Damaged, "The picture is damaged inside. Copy or download it again.");
            case var result:
                throw new ImageRejectedException(ImageRejection.UnsupportedType, $"The picture uses a variant of its format that cannot be read here ({result}). {Advice}");
        }
    }

    private static RgbImage OverWhite(SKBitmap bitmap)
    {
        var rgb = new byte[bitmap.Width * bitmap.Height * 3];
        var target = 0;
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < row.Length; x += 4)
            {
                int alpha = row[x + 3];
                for (var channel = 0; channel < 3; channel++)
                    rgb[target++] = alpha == 255 ? row[x + channel] : (byte)((row[x + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
            }
        }
        return new RgbImage(bitmap.Width, bitmap.Height, rgb);
    }
}
