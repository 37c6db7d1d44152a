using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Storage.Evaluations;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>The pictures behind results: <c>GET /api/results/{result}/pictures/{number}</c>.</summary>
public static class ResultEndpoints
{
    public static string PictureLink(string result, int number) => FormattableString.Invariant($"/api/results/{Uri.EscapeDataString(result)}/pictures/{number}");

    public static void MapResults(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/results/{result}/pictures/{number:int}", PictureAsync);

    private static async Task<IResult> PictureAsync(string result, int number, EvaluationStore store, BenchmarkPictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(result, cancellationToken) is not { } record || await store.FindSampleAsync(record.Id, number, cancellationToken) is not { } sample) return TypedResults.NotFound();
        try
        {
            var row = (await store.ReadAsync(record, [sample], cancellationToken))[0];
            if (await Task.Run(() => pictures.Find(record.Benchmark, row.Sample, row.Image), cancellationToken) is not var (bytes, type)) return TypedResults.NotFound();
            // "private": a photo of a person belongs in no shared cache.
            context.Response.Headers.CacheControl = "private, max-age=3600";
            return TypedResults.Bytes(bytes, type);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            return TypedResults.NotFound();
        }
    }
}
