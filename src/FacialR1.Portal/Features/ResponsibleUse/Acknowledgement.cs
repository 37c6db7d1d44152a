using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace FacialR1.Portal.Features.ResponsibleUse;

/// <summary>The statement "I have read the rules", asked for once per browser and version before the first upload.</summary>
public static class Acknowledgement
{
    /// <summary>Changes when the rules change, so that everybody is asked again.</summary>
    public const string Version = "1";

    /// <summary>The date of that version.</summary>
    public const string VersionDate = "23 November 2026";

    public const string Cookie = "facialr1-rules";
    public const string PostAddress = "/responsible-use/acknowledgement";

    public static void MapAcknowledgement(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(PostAddress, async (
            [FromForm] string? returnTo, HttpContext context, AcknowledgementStore store, IAntiforgery antiforgery, CancellationToken cancellationToken) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context)) return (IResult)TypedResults.BadRequest("The form is too old. Reload the page and try again.");
            var id = await store.AddAsync(Version, cancellationToken);
            context.Response.Cookies.Append(Cookie, id.ToString(), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
                IsEssential = true,
            });
            return TypedResults.LocalRedirect(IsLocal(returnTo) ? returnTo! : "/");
        });

    // "//host" and "/\host" leave the site although they begin with a slash.
    private static bool IsLocal(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith(@"/\", StringComparison.Ordinal) && !address.Any(char.IsControl);
}
