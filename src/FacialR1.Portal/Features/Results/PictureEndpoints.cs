using FacialR1.Portal.Features.Samples;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.StaticFiles;

namespace FacialR1.Portal.Features.Results;

/// <summary>Stored pictures by hash, their thumbnails, and the bundled samples.</summary>
public static class PictureEndpoints
{
    // What a hash names never changes. "private": a photo of a person belongs in no shared cache.
    private const string Forever = "private, max-age=31536000, immutable";
    private static readonly FileExtensionContentTypeProvider Types = new();

    public static string PictureLink(string hash) => $"/images/{hash}";
    public static string ThumbnailLink(string hash) => $"/images/{hash}/thumbnail";
    public static string SampleLink(string file) => $"/samples/{Uri.EscapeDataString(file)}";

    public static void MapPictures(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/images/{hash}", (string hash, ImageStore images, HttpContext context) => Send(images.Find(hash), context, Forever));
        endpoints.MapGet("/images/{hash}/thumbnail", async (string hash, ImageStore images, HttpContext context, CancellationToken cancellationToken) =>
            Send(await images.FindThumbnailAsync(hash, cancellationToken), context, Forever));
        endpoints.MapGet("/samples/{file}", (string file, SampleCatalog samples, HttpContext context) => Send(samples.FindFile(file), context, "no-cache"));
    }

    private static Microsoft.AspNetCore.Http.IResult Send(string? path, HttpContext context, string caching)
    {
        if (path is null || !Types.TryGetContentType(path, out var type)) return TypedResults.NotFound();
        context.Response.Headers.CacheControl = caching;
        return TypedResults.PhysicalFile(path, type, lastModified: File.GetLastWriteTimeUtc(path));
    }
}
