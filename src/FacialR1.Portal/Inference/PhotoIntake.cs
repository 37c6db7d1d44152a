using FacialR1.Portal.Configuration;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Takes an uploaded file in: decodes it safely, finds the faces, stores it without metadata.</summary>
public sealed class PhotoIntake(AnalysisStore store, FaceFinder faces, IOptions<UploadOptions> options, TimeProvider clock)
{
    /// <summary>A larger photo is stored scaled down to this side; faces keep far more pixels than a model looks at.</summary>
    public const int LongestStoredSide = 4096;

    private const int JpegQuality = 92;
    private const int LongestName = 255;

    /// <param name="file">The bytes as uploaded.</param>
    /// <param name="name">The name the file had; kept as text only.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used; the message says why and what to do.</exception>
    public async Task<PhotoRecord> TakeAsync(
        ReadOnlyMemory<byte> file, string name, Guid batchId, LegalBasis basis, string? credit, CancellationToken cancellationToken)
    {
        var (picture, size, found) = await Task.Run(() => Prepare(file), cancellationToken);
        return await store.AddPhotoAsync(picture, hash => new PhotoRecord
        {
            BatchId = batchId,
            Hash = hash,
            OriginalName = name.Length > LongestName ? name[..LongestName] : name,
            Width = size.Width,
            Height = size.Height,
            UploadedAt = clock.GetUtcNow(),
            Faces = found,
            LegalBasis = basis,
            Credit = credit,
        }, cancellationToken);
    }

    private (byte[] Picture, PixelSize Size, IReadOnlyList<FaceArea> Faces) Prepare(ReadOnlyMemory<byte> file)
    {
        var photo = ImageReader.Read(file, ImageLimits.Default with { MaximumBytes = options.Value.LargestFileInBytes });
        photo = ModelView.FitInto(photo, LongestStoredSide);
        return (ImageWriter.ToJpeg(photo, JpegQuality), new PixelSize(photo.Width, photo.Height), faces.Find(photo));
    }
}
