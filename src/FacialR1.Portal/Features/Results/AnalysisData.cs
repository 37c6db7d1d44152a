using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Results;

/// <summary><c>GET /api/analyses/{id}</c>: one analysis as JSON, with the names the command line uses.</summary>
public static class AnalysisData
{
    public static string DataLink(Guid id) => $"/api/analyses/{id}";

    public static void MapAnalysisData(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/analyses/{id:guid}", async (Guid id, AnalysisStore store, AlignmentTables tables, Inference.FaceEstimates estimates, CancellationToken cancellationToken) =>
            await store.FindAsync(id, cancellationToken) is { } analysis ? (IResult)TypedResults.Json(AnalysisDocument.From(analysis, tables, await estimates.OfAsync(analysis, cancellationToken))) : TypedResults.NotFound());
}
