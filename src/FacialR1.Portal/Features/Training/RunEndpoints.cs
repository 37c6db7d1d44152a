using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Features.Training.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FacialR1.Portal.Features.Training;

/// <summary>Files that pages about runs link to: curves as CSV, and the photos that rollouts and synthesised texts are about.</summary>
public static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/runs/{id}/series.csv", CsvAsync);
        endpoints.MapGet("/api/runs/{id}/photos", PhotoAsync);
    }

    private static async Task<Results<ContentHttpResult, NotFound>> CsvAsync(
        string id, string? phase, string[]? series, RunTraces traces, HttpContext context, CancellationToken cancellationToken)
    {
        if (await traces.ReadAsync(id, cancellationToken) is not { } trace) return TypedResults.NotFound();
        string text;
        lock (trace.Gate)
        {
            var present = phase is not null ? trace.Phase(phase) : trace.Phases.Count > 0 ? trace.Phases[^1] : null;
            if (present is null) return TypedResults.NotFound();
            text = CurveCsv.Write([.. present.Curves.Where(curve => series is null or { Length: 0 } || series.Contains(curve.Key)).OrderBy(curve => curve.Key, StringComparer.Ordinal)
                .Select(curve => (curve.Key, curve.Value))]);
        }
        // The name on disk is made of letters the portal chose: a run's name may hold any.
        context.Response.Headers.ContentDisposition = "attachment; filename=\"series.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(text, "text/csv; charset=utf-8");
    }

    private static async Task<IResult> PhotoAsync(string id, string image, RunPhotos photos, HttpContext context, CancellationToken cancellationToken)
    {
        if (await photos.FindAsync(id, image, cancellationToken) is not { } photo) return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Bytes(photo.Bytes, photo.Type);
    }
}
