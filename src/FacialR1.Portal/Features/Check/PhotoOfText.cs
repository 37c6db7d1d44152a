using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Features.Check;

/// <summary>The photo a pasted text is about. It lives as long as the page and is stored nowhere.</summary>
/// <param name="Picture">Scaled down to what is shown.</param>
/// <param name="Photo">Its faces, as the photo of an analysis has them.</param>
/// <param name="Address">The picture itself, as a data address.</param>
/// <param name="Face">The face the text is about; null when none was found.</param>
/// <param name="Reading">What is estimated on it; null without a face or a face reader.</param>
public sealed record PhotoOfText(RgbImage Picture, PhotoRecord Photo, string Address, int? Face, FaceReading? Reading)
{
    private const int LongestSide = 1024;

    /// <summary>Reads a chosen file and finds its faces.</summary>
    /// <exception cref="ImageRejectedException">The file cannot be used; the message says why and what to do.</exception>
    public static async Task<PhotoOfText> ReadAsync(IBrowserFile file, FaceFinder faces, FaceEstimates estimates, IOptions<UploadOptions> options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var limit = options.Value.LargestFileInBytes;
        if (file.Size > limit) throw new ImageRejectedException(ImageRejection.FileTooLarge, $"{file.Name} has {Figures.Bytes(file.Size)}; at most {Figures.Bytes(limit)} are allowed. Scale the picture down.");
        using var buffer = new MemoryStream((int)file.Size);
        await using (var stream = file.OpenReadStream(limit, cancellationToken)) await stream.CopyToAsync(buffer, cancellationToken);
        var bytes = buffer.ToArray();
        // Decoding a large photo takes a moment; a circuit must stay responsive meanwhile.
        return await Task.Run(() =>
        {
            var picture = ModelView.FitInto(ImageReader.Read(bytes, ImageLimits.Default with { MaximumBytes = limit }), LongestSide);
            var photo = new PhotoRecord { Hash = "", OriginalName = file.Name, Width = picture.Width, Height = picture.Height, Faces = faces.Find(picture) };
            return new PhotoOfText(picture, photo, $"data:image/jpeg;base64,{Convert.ToBase64String(ImageWriter.ToJpeg(picture))}", null, null).About(photo.Faces.Count > 0 ? 0 : null, estimates);
        }, cancellationToken);
    }

    /// <summary>The same photo with another of its faces.</summary>
    public PhotoOfText About(int? face, FaceEstimates estimates)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        if (face is not { } index) return this with { Face = null, Reading = null };
        return this with { Face = face, Reading = estimates.Of(Photo.Faces[index].Frame.CutFrom(Picture)) };
    }
}
