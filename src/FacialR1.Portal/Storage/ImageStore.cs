using System.Security.Cryptography;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Storage;

/// <summary>Pictures in a content-addressed folder: the SHA-256 of the bytes is the name, so the same picture is stored once.</summary>
public sealed class ImageStore(PortalPaths paths)
{
    private const int ThumbnailSide = 160;
    private static readonly string[] Extensions = [".png", ".jpg"];

    /// <summary>Stores an encoded PNG or JPEG and returns its hash in lower-case hexadecimal.</summary>
    /// <exception cref="ArgumentException">The bytes are neither PNG nor JPEG.</exception>
    public async Task<string> SaveAsync(ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(image.Span));
        var path = PathFor(hash, ExtensionOf(image.Span));
        if (File.Exists(path)) return hash;

        await WriteWholeAsync(path, image, cancellationToken);
        return hash;
    }

    /// <summary>The file of a hash, or null when there is none or <paramref name="hash"/> is not a hash at all.</summary>
    public string? Find(string hash) => IsHash(hash) ? Extensions.Select(extension => PathFor(hash, extension)).FirstOrDefault(File.Exists) : null;

    /// <exception cref="FileNotFoundException">No picture has this hash.</exception>
    public async Task<byte[]> ReadAsync(string hash, CancellationToken cancellationToken) =>
        await File.ReadAllBytesAsync(
            Find(hash) ?? throw new FileNotFoundException("A stored picture is gone from the upload folder. Upload the photo again."), cancellationToken);

    /// <summary>A small JPEG of a stored picture, made when first asked for; null when there is no picture of this hash.</summary>
    public async Task<string?> FindThumbnailAsync(string hash, CancellationToken cancellationToken)
    {
        if (Find(hash) is null) return null;
        var path = ThumbnailPath(hash);
        if (File.Exists(path)) return path;

        var picture = await ReadAsync(hash, cancellationToken);
        var small = await Task.Run(() => ImageWriter.ToJpeg(ModelView.FitInto(ImageReader.Read(picture), ThumbnailSide)), cancellationToken);
        await WriteWholeAsync(path, small, cancellationToken);
        return path;
    }

    /// <summary>Removes a picture and its thumbnail.</summary>
    public void Delete(string hash)
    {
        if (Find(hash) is not { } path) return;
        File.Delete(path);
        if (Directory.Exists(ThumbnailFolder)) File.Delete(ThumbnailPath(hash));
    }

    private string ThumbnailFolder => Path.Combine(paths.Cache, "thumbnails");

    private string ThumbnailPath(string hash) => Path.Combine(ThumbnailFolder, $"{hash}-{ThumbnailSide}.jpg");

    private static async Task WriteWholeAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(unfinished, content, cancellationToken);
        File.Move(unfinished, path, overwrite: true);   // atomic: a reader sees the whole file or none
    }

    internal static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private string PathFor(string hash, string extension) => Path.Combine(paths.Uploads, hash[..2], hash + extension);

    private static string ExtensionOf(ReadOnlySpan<byte> image) => image switch
    {
        [0x89, 0x50, 0x4E, 0x47, ..] => ".png",
        [0xFF, 0xD8, 0xFF, ..] => ".jpg",
        _ => throw new ArgumentException("Only PNG and JPEG are stored.", nameof(image)),
    };
}
